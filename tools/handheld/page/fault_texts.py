"""The emulator's faults in French, and what each of them needs besides."""

from __future__ import annotations

FRENCH = {
    "drop_before_commit": "la connexion se ferme, et rien n'a été fait",
    "drop_after_commit": "la demande est exécutée, puis la connexion se ferme sans réponse",
    "delay": "la réponse arrive en retard, de tant de secondes",
    "code": "la réponse porte ce code; une approbation reste une vraie approbation",
    "truncate": "la connexion se ferme après tant d'octets de la réponse, en-tête compris",
    "garbage": "des octets qui ne sont pas du HTTP",
    "reset": "une remise à zéro TCP au lieu d'une réponse",
    "html_502": "la page d'un mandataire, avec le statut 502",
    "expire_token": "le jeton est refusé, et ne vaut plus rien dès lors",
    "cut_request": "la connexion se ferme après tant d'octets lus de la demande",
    "hang_up": "la réponse est entière, puis la connexion se ferme sans le dire",
    "missing_code": "il manque à la réponse son code (à celle du jeton: le jeton)",
    "wrong_shape": "la réponse est du JSON, mais pas un objet",
    "oversized": "la réponse fait un mégaoctet",
    "deep": "la réponse est du JSON, imbriqué mille fois",
    "pending": "202: acceptée, et les milles suivront",
    "busy": "comme si une autre transaction de l'adhérent était en cours",
}
NEEDS = {"delay": "seconds", "code": "code", "truncate": "bytes", "cut_request": "bytes"}
