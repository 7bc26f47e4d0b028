"""Le français de l'écran: the same keys as in English, for Quebec's cashiers."""

TEXTS = """
menu_checkout=1 ACHAT
menu_balance=2 SOLDE
menu_refund=3 REMBOURSEMENT
menu_more=4 PLUS
more_reprint=1 RÉIMPRIMER REÇU
more_reports=2 RAPPORTS
more_link=3 TESTER LE LIEN
more_language=4 ENGLISH
link_unknown=LIEN ?
link_up=LIEN OK
link_down=SANS LIEN
link_login=SANS ACCÈS
link_testing=TEST DU LIEN
link_answered=SERVICE JOINT

basket_total=TOTAL AVEC TAXES
pre_tax_total=TOTAL AVANT TAXES
money_hint=ENTER=OK CLEAR=EFFAC
too_much=MAX %s
key_amount=ENTRER UN MONTANT
card=CARTE
card_how=GLISSER OU BALAYER
or_key=OU ENTRER LE NUMÉRO
slip_english=REÇU: EN  .=FRANÇAIS
slip_french=REÇU: FR   .=ENGLISH
card_bad=CARTE ILLISIBLE
card_check=NUMÉRO DOUTEUX|ENTER=L'UTILISER
confirmation=NO DE CONFIRMATION
confirmation_how=BALAYER LE REÇU
refund=REMBOURS.
refund_window=JUSQU'À %s HNE
yes_no=ENTER=OUI CANCEL=NON
go_on=ENTER=CONTINUER

redeem=ÉCHANGER
units=%d UNITÉS %d MI
unit=%d UNITÉ %d MI
unit_price=%dMI=%s %dICI %s/J
offer_keys=UP/DOWN ENTER CANCEL
no_offer=RIEN À ÉCHANGER
no_offer_why=TROP PEU DE MILLES|OU TOTAL < %s
manual_no_redeem=NO ENTRÉ: PAS D'ÉCH.|GLISSER OU BALAYER

wait_inquire=DEMANDE AIR MILES
wait_redeem=ÉCHANGE EN COURS
wait_reverse=ANNULATION EN COURS
wait_connecting=CONNEXION
wait_waiting=ATTENTE DE RÉPONSE
wait_cancel=CANCEL=ARRÊTER
wait_hold=PATIENTER SVP
starting=DÉMARRAGE

approved=APPROUVÉ
confirmation_is=NO %s
give_discount=RABAIS DE %s
reversed=%s MILLES REMIS
refused=REFUSÉ
no_answer=SANS RÉPONSE
no_discount=AUCUN RABAIS
no_refund=NE PAS REMBOURSER
no_balance=AUCUN SOLDE
unknown_advice=CITER %s
not_sent=PAS ENVOYÉ
not_sent_network=RIEN N'EST PARTI
not_sent_proof=HEURE OU CERTIFICAT
not_sent_login=ACCÈS REFUSÉ
try_again=VÉRIFIER LE WI-FI
call_service=APPELER LE SERVICE
balance_printed=SOLDE SUR PAPIER
balance_hidden=MASQUÉ PAR L'ADHÉR.

printing=IMPRESSION
paper_out=IMPRIM.: SANS PAPIER
cover_open=IMPRIMANTE OUVERTE
printer_silent=IMPRIMANTE MUETTE
print_again=ENTER=IMPRIMER|CANCEL=SANS REÇU
nothing_to_print=AUCUN REÇU GARDÉ

interrupted=INTERROMPU
op_redeem=ÉCHANGE
op_reverse=ANNULATION
interrupted_keys=ENTER=TERMINER|CANCEL=ANNULER
unresolved=NON RÉSOLU
ledger_full=REGISTRE PLEIN
ledger_full_advice=L'EXPORTER D'ABORD|AUCUN ÉCHANGE
storage_failed=MÉMOIRE EN PANNE
storage_advice=AUCUN ÉCHANGE|APPELER LE SERVICE
ledger_warning=SANS REGISTRE
reports_totals=1 TOTAUX DU JOUR
reports_latest=2 DERNIÈRES ENTRÉES
reports_unresolved=3 NON RÉSOLUS
report_today=JOUR
report_redeemed=ÉCH. %d
report_reversed=ANNUL. %d
report_unresolved=N.RÉS. %d
report_keys=UP/DOWN ENTER=IMPR.
report_empty=AUCUNE ENTRÉE

profile_bad=RÉGLAGES ERRONÉS
profile_advice=REFAIRE LES RÉGLAGES
fault=PANNE: REDÉMARRÉ

code_0000=APPROUVÉ
code_0001=APPROUVÉ
code_0002=COMPTE INACTIF
code_0005=ÉCHANGE NON PERMIS
code_0006=ÉCHANGE NON PERMIS
code_0008=DÉLAI DÉPASSÉ
code_0009=CARTE NON PRÉSENTÉE
code_0025=NO DE CARTE INVALIDE
code_0035=DEMANDE INVALIDE
code_0051=TROP PEU DE MILLES
code_0057=NO CONFIRM. INVALIDE
code_0065=LIMITE DU JOUR
code_0066=ACHAT TROP PETIT
code_0067=OFFRE INDISPONIBLE
code_0080=DÉLAI D'ANNUL. PASSÉ
code_0092=ENTRETIEN PRÉVU
code_0096=ERREUR DU SERVICE
code_none=ACCÈS REFUSÉ
code_other=RÉPONSE INCONNUE

advice_collector_service=ADHÉRENT: VOIR OU|APPELER AIRMILES.CA
advice_no_cash=NE PAS OFFRIR MILLES|PAIEMENT COMPLET
advice_escalate=NON FAIT. APPELER|SOUTIEN AIR MILES
advice_present_card=GLISSER OU BALAYER|PERDUE: AIRMILES.CA
advice_check_history=ADHÉRENT: RELEVÉ À|AIRMILES.CA
advice_check_number=VÉRIFIER LE NUMÉRO|DU REÇU, RÉESSAYER
advice_tomorrow=ARGENT DE NOUVEAU|POSSIBLE DEMAIN
advice_add_items=AJOUTER DES ARTICLES|POUR UNE UNITÉ
advice_later=NON FAIT|RÉESSAYER PLUS TARD
advice_store_credit=CRÉDIT OU CARTE-|CADEAU. PAS COMPTANT
"""
