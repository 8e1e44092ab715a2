"""Numbers, months, weekdays and units of time in words: English, German, French."""

from __future__ import annotations

__all__ = ["DAYS", "MONTHS", "NUMBERS", "UNITS", "WEEKDAYS"]

NUMBERS: dict[str, int] = {
    word: number
    for number, words in {
        0: "zero null zéro", 2: "two zwei zweierlei deux", 3: "three drei trois", 4: "four vier quatre", 5: "five fünf cinq",
        6: "six sechs", 7: "seven sieben sept", 8: "eight acht huit", 9: "nine neun neuf", 10: "ten zehn dix",
        11: "eleven elf onze",
        12: "twelve zwölf douze dozen dutzend douzaine", 13: "thirteen dreizehn treize",
        14: "fourteen vierzehn quatorze",
        15: "fifteen fünfzehn quinze", 16: "sixteen sechzehn seize", 17: "seventeen siebzehn", 18: "eighteen achtzehn",
        19: "nineteen neunzehn", 20: "twenty zwanzig vingt", 21: "einundzwanzig", 24: "vierundzwanzig",
        25: "fünfundzwanzig", 28: "achtundzwanzig", 30: "thirty dreißig dreissig trente", 40: "forty vierzig quarante",
        45: "fünfundvierzig", 48: "achtundvierzig", 50: "fifty fünfzig cinquante", 60: "sixty sechzig soixante",
        70: "seventy siebzig", 80: "eighty achtzig", 90: "ninety neunzig", 100: "hundred hundert einhundert cent",
        1_000: "thousand tausend eintausend mille", 1_000_000: "million millions",
    }.items()
    for word in words.split()
}  # fmt: skip
"""Without one, which is an article in German and French and a pronoun in English."""

MONTHS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "january january jan januar jänner janvier", "february feb februar février fevrier",
            "march mar märz maerz mars", "april apr avril", "may mai", "june jun juni juin", "july jul juli juillet",
            "august aug août aout", "september sep sept septembre", "october oct oktober okt octobre",
            "november nov novembre", "december dec dezember dez décembre decembre",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip

WEEKDAYS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "monday mon montag lundi", "tuesday tue dienstag mardi", "wednesday wed mittwoch mercredi",
            "thursday thu donnerstag jeudi", "friday fri freitag vendredi", "saturday sat samstag sonnabend samedi",
            "sunday sun sonntag dimanche",
        )
    )
    for word in words.split()
}  # fmt: skip

DAYS: dict[str, str] = {
    "tomorrow": "tomorrow", "morgen": "tomorrow", "demain": "tomorrow", "yesterday": "yesterday",
    "gestern": "yesterday",
    "hier soir": "yesterday", "tonight": "tonight", "heute abend": "tonight", "ce soir": "tonight",
    "übermorgen": "after tomorrow", "après-demain": "after tomorrow", "the day after tomorrow": "after tomorrow",
}  # fmt: skip

UNITS: tuple[tuple[str, str], ...] = (
    ("second", r"seconds?|sekunden?|secondes?"),
    ("minute", r"minutes?|mins?|minuten?"),
    ("working hour", r"(?:working|business|opening)[ -]hours?|arbeitsstunden?|heures? (?:ouvrées?|ouvrables?)"),
    ("hour", r"hours?|hrs?|stunden?|heures?"),
    ("working day", r"(?:working|business|work)[ -]?days?|(?:werk|arbeits)tag(?:en?|e)?|jours? ouvr(?:és?|ables?)"),
    ("day", r"(?:calendar )?days?|(?:kalender)?tag(?:en?|e)?|jours?(?: calendaires?)?"),
    ("week", r"weeks?|wochen?|semaines?"),
    ("month", r"months?|monat(?:en?|e)?|mois"),
    ("year", r"years?|jahr(?:en?|e)?|ans?|années?"),
)  # fmt: skip
"""Names of units and patterns, the longer first: a working day is no day."""
