"""The words of a note: its labels, reasons and next steps in the team's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["LABELS", "MOODS", "NEXT_STEPS", "REASONS", "TOPICS", "WORDS"]

LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "issue": "Issue", "why": "Why", "next": "Next", "also": "Also said", "customer": "Customer", "order": "Order",
        "subscription": "Subscription", "products": "Products", "asked": "Asked", "tried": "Tried",
        "promised": "Promised", "mood": "Mood", "transcript": "All of it",
    },
    "de": {
        "issue": "Anliegen", "why": "Grund", "next": "Nächster Schritt", "also": "Außerdem", "customer": "Kundin/Kunde",
        "order": "Bestellung", "subscription": "Abo", "products": "Produkte", "asked": "Gefragt", "tried": "Versucht",
        "promised": "Zugesagt", "mood": "Stimmung", "transcript": "Alles",
    },
    "fr": {
        "issue": "Demande", "why": "Raison", "next": "À faire", "also": "Dit aussi", "customer": "Client(e)",
        "order": "Commande", "subscription": "Abonnement", "products": "Produits", "asked": "Demandé", "tried": "Essayé",
        "promised": "Annoncé", "mood": "Humeur", "transcript": "Tout",
    },
}  # fmt: skip
"""Labels of the note's lines, in the order in which they stand."""

REASONS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "customer_request": "asked for a person", "upset_customer": "upset", "sensitive_topic": "sensitive topic",
        "guidance": "a guide says so", "missing_knowledge": "no reliable answer", "low_confidence": "not understood",
        "several_open_requests": "several requests at once", "action_failed": "an action failed",
        "not_permitted": "not permitted", "unverified_customer": "identity not proven",
        "no_progress": "no progress", "outside_scope": "outside what the agent does", "engine_error": "fault in the agent",
    },
    "de": {
        "customer_request": "möchte einen Menschen", "upset_customer": "verärgert", "sensitive_topic": "heikles Thema",
        "guidance": "eine Regel sagt es", "missing_knowledge": "keine verlässliche Antwort",
        "low_confidence": "nicht verstanden", "several_open_requests": "mehrere Anliegen zugleich",
        "action_failed": "eine Aktion ist fehlgeschlagen", "not_permitted": "nicht erlaubt",
        "unverified_customer": "Identität nicht erwiesen", "no_progress": "kein Vorankommen",
        "outside_scope": "nicht Sache des Agenten", "engine_error": "Fehler im Agenten",
    },
    "fr": {
        "customer_request": "souhaite une personne", "upset_customer": "fâché", "sensitive_topic": "sujet sensible",
        "guidance": "une règle le demande", "missing_knowledge": "pas de réponse fiable", "low_confidence": "pas compris",
        "several_open_requests": "plusieurs demandes à la fois", "action_failed": "une action a échoué",
        "not_permitted": "non permis", "unverified_customer": "identité non prouvée",
        "no_progress": "aucun progrès", "outside_scope": "hors du rôle de l'agent", "engine_error": "panne de l'agent",
    },
}  # fmt: skip

NEXT_STEPS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "customer_request": "Take over where the agent stopped; the request itself is still open.",
        "upset_customer": "Acknowledge what went wrong, then settle the request in one message.",
        "sensitive_topic": "If anybody is in danger, emergency number first. Inform the team lead; promise nothing before.",
        "guidance": "Settle the request by hand: the guide leaves this case to a person.",
        "missing_knowledge": "Answer the question; if it will come again, write an article.",
        "low_confidence": "Find out what is wanted, with one question.",
        "several_open_requests": "Settle the requests one by one, and say which is which.",
        "action_failed": "Check what took effect, then finish it by hand.",
        "not_permitted": "Decide whether to do what the agent may not.",
        "unverified_customer": "Verify who writes before you tell or change anything.",
        "no_progress": "Ask for what is missing in other words, or look it up.",
        "outside_scope": "Answer, or say who can.",
        "engine_error": "Answer by hand, and report the fault.",
        "self_harm": "Write at once, warmly: emergency number and helpline first, the order last. Inform the team lead.",
        "violence": "If anybody may be in danger, ring the police first. Inform the team lead, then answer.",
        "legal_threat": "Pass it to whoever answers for legal matters; admit nothing, promise nothing.",
        "injury": "Ask whether everyone is well, and for a photo and batch number; tell product safety.",
        "medical": "Ask whether everyone is well; tell what is on the label, give no medical advice.",
        "payment_card_data": "Remove the card number from the conversation; never ask for it.",
        "fraud": "Hold what is open on the account, inform whoever answers for payments; accuse nobody.",
        "chargeback": "Look at the dispute at the payment provider before you refund, so that nothing is paid twice.",
        "press": "Pass it to whoever speaks for the shop.",
        "account_data": "Remove the bank details or password from the conversation; never ask for them.",
        "controversial": "Answer kindly or not at all; take no side in the shop's name.",
        "vip_complaint": "Answer in person: say what went wrong, and settle it in one message.",
        "refund_exception": "Decide on the exception; say yes or no and why, in one message.",
        "billing_problem": "Compare with the payment provider's record before you refund.",
        "technical_fault": "Try it yourself, pass it to whoever mends it, and offer another way meanwhile.",
        "uncertain": "Check whether {action} took effect before anybody does it again.",
        "failed": "Do {action} by hand, since it failed, and write when it is done.",
        "of_a_guide": "Settle “{guide}” by hand.",
        "told": "Do what the customer was told (see Promised), and write when it is done.",
        "unsure": "Judge first whether this is “{guide}”; if it is, treat it as that, else answer.",
        "only_a_person": "Ask what it is about: so far only a person was asked for.",
    },
    "de": {
        "customer_request": "Dort weitermachen, wo der Agent aufgehört hat; das Anliegen selbst ist noch offen.",
        "upset_customer": "Anerkennen, was schiefging, dann das Anliegen in einer Nachricht erledigen.",
        "sensitive_topic": "Bei Gefahr zuerst den Notruf nennen. Teamleitung verständigen; vorher nichts versprechen.",
        "guidance": "Das Anliegen von Hand erledigen: Die Regel überlässt diesen Fall einem Menschen.",
        "missing_knowledge": "Die Frage beantworten; kommt sie wieder, einen Artikel schreiben.",
        "low_confidence": "Mit einer einzigen Frage herausfinden, was gewünscht ist.",
        "several_open_requests": "Ein Anliegen nach dem anderen erledigen und sagen, welches welches ist.",
        "action_failed": "Prüfen, was schon geschehen ist, dann von Hand zu Ende bringen.",
        "not_permitted": "Entscheiden, ob geschehen soll, was der Agent nicht darf.",
        "unverified_customer": "Feststellen, wer schreibt, bevor etwas mitgeteilt oder geändert wird.",
        "no_progress": "Mit anderen Worten nach dem Fehlenden fragen oder es nachschlagen.",
        "outside_scope": "Antworten oder sagen, wer es kann.",
        "engine_error": "Von Hand antworten und den Fehler melden.",
        "self_harm": "Sofort und warm schreiben: erst Notruf und Beratungsstelle, zuletzt die Bestellung. Leitung verständigen.",
        "violence": "Ist vielleicht jemand in Gefahr, zuerst die Polizei rufen. Teamleitung verständigen, dann antworten.",
        "legal_threat": "An die Stelle für Rechtliches geben; nichts zugestehen, nichts versprechen.",
        "injury": "Fragen, ob alle wohlauf sind; Foto und Charge erbitten, Produktsicherheit verständigen.",
        "medical": "Fragen, ob alle wohlauf sind; sagen, was auf dem Etikett steht, keinen medizinischen Rat geben.",
        "payment_card_data": "Die Kartennummer aus dem Gespräch entfernen; nie danach fragen.",
        "fraud": "Offenes auf dem Konto anhalten, die Stelle für Zahlungen verständigen; niemanden beschuldigen.",
        "chargeback": "Vor einer Erstattung den Streitfall beim Zahlungsanbieter ansehen, damit nichts doppelt fließt.",
        "press": "An die Stelle geben, die für den Laden spricht.",
        "account_data": "Bankdaten oder Passwort aus dem Gespräch entfernen; nie danach fragen.",
        "controversial": "Freundlich oder gar nicht antworten; im Namen des Ladens keine Partei ergreifen.",
        "vip_complaint": "Persönlich antworten: sagen, was schiefging, und es in einer Nachricht erledigen.",
        "refund_exception": "Über die Ausnahme entscheiden; ja oder nein und warum, in einer Nachricht.",
        "billing_problem": "Vor einer Erstattung mit den Daten des Zahlungsanbieters vergleichen.",
        "technical_fault": "Selbst versuchen, an die Technik geben und solange einen anderen Weg anbieten.",
        "uncertain": "Prüfen, ob {action} geschehen ist, bevor es jemand noch einmal tut.",
        "failed": "Von Hand erledigen: {action} ist fehlgeschlagen. Schreiben, wenn es getan ist.",
        "of_a_guide": "“{guide}” von Hand erledigen.",
        "told": "Tun, was der Kundschaft gesagt wurde (siehe Zugesagt), und schreiben, wenn es getan ist.",
        "unsure": "Zuerst beurteilen, ob es “{guide}” ist; wenn ja, so behandeln, sonst antworten.",
        "only_a_person": "Fragen, worum es geht: Bisher wurde nur nach einem Menschen gefragt.",
    },
    "fr": {
        "customer_request": "Reprendre là où l'agent s'est arrêté ; la demande elle-même est encore ouverte.",
        "upset_customer": "Reconnaître ce qui a mal tourné, puis régler la demande en un seul message.",
        "sensitive_topic": "En cas de danger, les urgences d'abord. Prévenir le responsable ; ne rien promettre avant.",
        "guidance": "Régler la demande à la main : la règle laisse ce cas à une personne.",
        "missing_knowledge": "Répondre à la question ; si elle doit revenir, écrire un article.",
        "low_confidence": "Trouver ce qui est souhaité, avec une seule question.",
        "several_open_requests": "Régler les demandes l'une après l'autre, en disant laquelle est laquelle.",
        "action_failed": "Vérifier ce qui a pris effet, puis terminer à la main.",
        "not_permitted": "Décider s'il faut faire ce que l'agent n'a pas le droit de faire.",
        "unverified_customer": "Vérifier qui écrit avant de dire ou de changer quoi que ce soit.",
        "no_progress": "Demander autrement ce qui manque, ou le chercher.",
        "outside_scope": "Répondre, ou dire qui le peut.",
        "engine_error": "Répondre à la main et signaler la panne.",
        "self_harm": "Écrire aussitôt, avec chaleur : urgences et écoute d'abord, la commande à la fin. Prévenir le responsable.",
        "violence": "Si quelqu'un peut être en danger, appeler la police d'abord. Prévenir le responsable, puis répondre.",
        "legal_threat": "Transmettre à qui répond des questions juridiques ; ne rien admettre, ne rien promettre.",
        "injury": "Demander si tous vont bien, une photo et le numéro de lot ; prévenir la sécurité produit.",
        "medical": "Demander si tout le monde va bien ; dire ce qui est sur l'étiquette, sans conseil médical.",
        "payment_card_data": "Retirer le numéro de carte de la conversation ; ne jamais le demander.",
        "fraud": "Suspendre ce qui est en cours sur le compte, prévenir qui répond des paiements ; n'accuser personne.",
        "chargeback": "Regarder le litige chez le prestataire avant de rembourser, pour ne rien payer deux fois.",
        "press": "Transmettre à qui parle au nom de la boutique.",
        "account_data": "Retirer les coordonnées bancaires ou le mot de passe de la conversation ; ne jamais les demander.",
        "controversial": "Répondre aimablement ou pas du tout ; ne pas prendre parti au nom de la boutique.",
        "vip_complaint": "Répondre en personne : dire ce qui a mal tourné et tout régler en un message.",
        "refund_exception": "Décider de l'exception ; dire oui ou non et pourquoi, en un seul message.",
        "billing_problem": "Comparer avec les données du prestataire de paiement avant de rembourser.",
        "technical_fault": "Essayer soi-même, transmettre à la technique et proposer un autre moyen en attendant.",
        "uncertain": "Vérifier si {action} a pris effet avant que quelqu'un le refasse.",
        "failed": "Faire à la main {action}, qui a échoué, et écrire quand c'est fait.",
        "of_a_guide": "Régler « {guide} » à la main.",
        "told": "Faire ce qui a été dit au client (voir Annoncé), et écrire quand c'est fait.",
        "unsure": "Juger d'abord si c'est « {guide} » ; si oui, le traiter ainsi, sinon répondre.",
        "only_a_person": "Demander de quoi il s'agit : jusqu'ici, seule une personne a été demandée.",
    },
}
"""What the person should do first, by reason and by topic; `uncertain` and `failed` for an action, `of_a_guide`, `told` where
the guide told the customer something, `unsure` where a safeguard may be meant, `only_a_person` where nothing else was said."""

TOPICS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "self_harm": "self harm", "violence": "violence", "injury": "product danger",
        "legal_threat": "legal threat", "medical": "medical", "payment_card_data": "payment card data",
        "account_data": "account data", "fraud": "fraud", "chargeback": "chargeback", "press": "press",
        "controversial": "controversial", "vip_complaint": "vip complaint", "refund_exception": "refund exception",
        "billing_problem": "billing problem", "technical_fault": "technical fault",
    },
    "de": {
        "self_harm": "Selbstgefährdung", "violence": "Gewalt", "injury": "Produktgefahr",
        "legal_threat": "rechtliche Drohung", "medical": "Gesundheit", "payment_card_data": "Kartendaten",
        "account_data": "Kontodaten", "fraud": "Betrug", "chargeback": "Rückbuchung", "press": "Presse",
        "controversial": "Streitthema", "vip_complaint": "Beschwerde von Stammkundschaft",
        "refund_exception": "Ausnahme bei der Erstattung", "billing_problem": "Abrechnung", "technical_fault": "Störung",
    },
    "fr": {
        "self_harm": "danger pour soi", "violence": "violence", "injury": "danger d'un produit",
        "legal_threat": "menace juridique", "medical": "santé", "payment_card_data": "données de carte",
        "account_data": "données de compte", "fraud": "fraude", "chargeback": "rétrofacturation", "press": "presse",
        "controversial": "sujet de débat", "vip_complaint": "plainte d'un bon client",
        "refund_exception": "exception de remboursement", "billing_problem": "facturation", "technical_fault": "panne",
    },
}  # fmt: skip
"""Names of the topics."""

MOODS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("calm", "irritated", "upset", "furious"),
    "de": ("ruhig", "gereizt", "verärgert", "wütend"),
    "fr": ("calme", "agacé", "fâché", "furieux"),
}
"""Words for the degrees of upset, 0 to 3."""

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "no_text": "(no text)", "unknown": "unknown", "items": "{count} items", "item": "1 item",
        "anonymous": "not identified", "claimed": "says who they are, not proven", "verified": "verified",
        "done": "done", "failed": "failed", "refused": "refused", "uncertain": "uncertain, may have happened",
        "proposed": "proposed, not done", "found": "found", "guide": "guide", "article": "article",
        "answer_by": "an answer by {when}", "told": "told: “{text}”", "next_charge": "next charge {date}",
        "more": "and {count} more", "of": "{mood}, writes {language}", "said": "said, not looked up",
        "no_answer": "no answer", "a_yes": "a yes", "reach": "Reach at", "nothing": "nothing found",
    },
    "de": {
        "no_text": "(kein Text)", "unknown": "unbekannt", "items": "{count} Artikel", "item": "1 Artikel",
        "anonymous": "nicht identifiziert", "claimed": "Angabe, nicht erwiesen", "verified": "verifiziert",
        "done": "erledigt", "failed": "fehlgeschlagen", "refused": "abgelehnt",
        "uncertain": "ungewiss, vielleicht geschehen", "proposed": "vorgeschlagen, nicht getan", "found": "gefunden",
        "guide": "Regel", "article": "Artikel", "answer_by": "eine Antwort bis {when}", "told": "gesagt: “{text}”",
        "next_charge": "nächste Abbuchung {date}", "more": "und {count} weitere",
        "of": "{mood}, schreibt {language}", "said": "genannt, nicht nachgesehen", "no_answer": "keine Antwort",
        "a_yes": "ein Ja", "reach": "Erreichbar", "nothing": "nichts gefunden",
    },
    "fr": {
        "no_text": "(sans texte)", "unknown": "inconnu", "items": "{count} articles", "item": "1 article",
        "anonymous": "non identifié", "claimed": "selon ses dires, non prouvé", "verified": "vérifié",
        "done": "fait", "failed": "échec", "refused": "refusé", "uncertain": "incertain, peut-être fait",
        "proposed": "proposé, pas fait", "found": "trouvé", "guide": "règle", "article": "article",
        "answer_by": "une réponse au plus tard {when}", "told": "dit : “{text}”",
        "next_charge": "prochain débit {date}", "more": "et {count} de plus",
        "of": "{mood}, écrit en {language}", "said": "cité, pas vérifié",
        "no_answer": "sans réponse", "a_yes": "un oui", "reach": "À joindre", "nothing": "rien trouvé",
    },
}  # fmt: skip
"""The small words of a note."""
