"""Guides as a graph, in Mermaid and SVG; decision tables as HTML and CSV."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

from convagent.guidance.graph import Edge, as_mermaid, graph_of
from convagent.guidance.graph_svg import as_svg
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.interpreter.kernel import Kernel
from convagent.guidance.interpreter.table import decision_table
from convagent.guidance.language.parse import parse_text
from convagent.guidance.table_forms import as_csv, as_html

TEXT = """# Find the customer

Gives customer

1. Need email
1. Let found be look up find_customer with email = email
1. give customer = found

# Refund it <now>

When the customer asks for a refund:
- "refund my order"

1. Need customer
1. If customer.email is "a|b":
   - say "=Fine & <good>."
   - go to "Help"
1. confirm "Refund?"
1. do refund_order with order = "1", amount = 5 EUR
1. hand over to "care" because guidance

# Help

When the customer asks for help:
- "help"

1. If it seems "the customer is lost":
   - go to "Refund it <now>"
1. hand over because guidance
"""


def kernel() -> Kernel:
    file, _ = parse_text(TEXT, "one.md")
    return desugar(file.guides)


def test_the_graph_has_needs_ways_actions_and_teams() -> None:
    graph = graph_of(kernel())
    refund = "guide:Refund it <now>"
    assert {node.key: node.kind for node in graph.nodes}["guide:Find the customer"] == "gives"
    assert set(graph.edges) >= {
        Edge(refund, "guide:Find the customer", "needs", "customer"),
        Edge(refund, "guide:Help", "goes to"),
        Edge(refund, "action:refund_order", "does"),
        Edge(refund, "team:care", "hands over"),
        Edge("guide:Find the customer", "look-up:find_customer", "looks up"),
        Edge("guide:Help", "team:the team on duty", "hands over"),
    }


def test_a_part_of_the_graph_keeps_what_a_guide_leads_to() -> None:
    part = graph_of(kernel()).around("Find the customer")
    assert {node.name for node in part.nodes} == {"Find the customer", "find_customer", "Refund it <now>"}


def test_mermaid_writes_what_means_something_to_it_by_its_number() -> None:
    text = as_mermaid(graph_of(kernel()))
    assert text.startswith("flowchart LR\n")
    assert "Refund it #60;now#62;" in text
    assert "-.->|needs customer|" in text
    assert as_mermaid(graph_of(kernel())) == text


def test_the_svg_is_xml_with_every_node_and_edge_in_a_circle_of_guides_too() -> None:
    graph = graph_of(kernel())
    root = ElementTree.fromstring(as_svg(graph))
    space = {"s": "http://www.w3.org/2000/svg"}
    assert len(root.findall("s:g", space)) == len(graph.nodes)
    assert len(root.findall("s:path", space)) == len(graph.edges)
    assert not root.findall(".//s:script", space)
    empty = as_svg(graph_of(Kernel(())))
    assert ElementTree.fromstring(empty).tag.endswith("svg")


def test_tables_go_into_pages_and_spreadsheets_unharmed() -> None:
    tables = [decision_table(guide) for guide in kernel().guides]
    page = as_html(tables)
    assert "<h2>Refund it &lt;now&gt;</h2>" in page
    assert "&lt;good&gt;" in page
    rows = list(csv.reader(io.StringIO(as_csv(tables))))
    assert rows[0] == ["guide", "way", "conditions", "then"]
    assert len(rows) == 1 + sum(len(table.rows) for table in tables)
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row if cell)
