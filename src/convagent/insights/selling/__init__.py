"""What the shopping assistant brought about: recommendations, clicks, purchases, discounts, and the honest uplift.

from convagent.insights.selling import read_selling_log, selling_report

report = selling_report(read_selling_log("events.jsonl"))
print(report.figures["ctr"].value, report.uplift)
"""

from __future__ import annotations

from convagent.insights.selling.asking import answers_of, past_questions
from convagent.insights.selling.attribution import AttributedOrder, Touch, attribute
from convagent.insights.selling.figures import FIGURES, Sales, figures
from convagent.insights.selling.intervals import bootstrap_difference, newcombe
from convagent.insights.selling.kept import kept_selling_events
from convagent.insights.selling.log import LogProblem, ReadLog, people_of, read_selling_log, selling_log
from convagent.insights.selling.page import to_html
from convagent.insights.selling.report import MethodTotal, SellingReport, figure_words, figures_shown, selling_report
from convagent.insights.selling.uplift import Difference, Uplift, uplift
from convagent.shopping.holdout import in_holdout

__all__ = [
    "FIGURES",
    "AttributedOrder",
    "Difference",
    "LogProblem",
    "MethodTotal",
    "ReadLog",
    "Sales",
    "SellingReport",
    "Touch",
    "Uplift",
    "answers_of",
    "attribute",
    "bootstrap_difference",
    "figure_words",
    "figures",
    "figures_shown",
    "in_holdout",
    "kept_selling_events",
    "newcombe",
    "past_questions",
    "people_of",
    "read_selling_log",
    "selling_log",
    "selling_report",
    "to_html",
    "uplift",
]
