"""Le français de l'écran: the same keys as in English, for Quebec's cashiers."""

TEXTS = """
menu_checkout=1 ACHAT
menu_balance=2 SOLDE
menu_refund=3 REMBOURSEMENT
menu_more=4 PLUS
link_unknown=LIEN ?
link_up=LIEN OK
link_down=SANS LIEN
link_login=SANS ACCÈS
link_testing=TEST DU LIEN

basket_total=TOTAL AVEC TAXES
pre_tax_total=TOTAL AVANT TAXES
money_hint=ENTER=OK CLEAR=EFF.
too_much=MAX %s
key_amount=ENTRER UN MONTANT
card=CARTE
card_how=GLISSER OU BALAYER
or_key=OU ENTRER LE NUMÉRO
slip_english=REÇU: EN  .=FRANÇAIS
slip_french=REÇU: FR   .=ENGLISH
card_bad=CARTE ILLISIBLE
card_check=NUMÉRO DOUTEUX|ENTER=L'UTILISER
go_on=ENTER=CONTINUER

redeem=ÉCHANGER
units=%d UNITÉS %d MI
unit=%d UNITÉ %d MI
unit_price=%dMI=%s %dICI %s/J
offer_keys=UP/DOWN ENTER CANCEL

wait_inquire=DEMANDE À AIR MILES
wait_redeem=ÉCHANGE EN COURS
wait_reverse=ANNULATION EN COURS
wait_connecting=CONNEXION
wait_waiting=ATTENTE DE RÉPONSE
wait_cancel=CANCEL=ARRÊTER
wait_hold=PATIENTER SVP

approved=APPROUVÉ
give_discount=RABAIS DE %s
no_discount=AUCUN RABAIS

printing=IMPRESSION

ledger_warning=SANS REGISTRE

starting=STARTING|DÉMARRAGE
fault=PANNE: REDÉMARRÉ
storage_failed=MÉMOIRE EN PANNE
storage_advice=AUCUN ÉCHANGE|APPELER LE SERVICE
profile_bad=RÉGLAGES ERRONÉS
profile_advice=REFAIRE LES RÉGLAGES
no_answer=AUCUNE RÉPONSE
no_refund=NE PAS REMBOURSER
unknown_advice=CITER %s
not_sent=PAS ENVOYÉ
try_again=VÉRIFIER LE WI-FI
confirmation_is=NO %s
"""
