"""The language server: what an editor asks, answered from the desk. Started by `convagent guidance lsp`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Generator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from convagent.errors import ConvagentError
from convagent.guidance.findings.finding import Finding
from convagent.guidance_editor.completing import completions
from convagent.guidance_editor.desk import Desk, View, path_of
from convagent.guidance_editor.editing import diagnostic, formatted
from convagent.guidance_editor.explaining import about_finding, explained
from convagent.guidance_editor.lenses import RUN_CASES, GuideCases, OpenCases, lenses
from convagent.guidance_editor.mending import Fix, fixes, without_code
from convagent.guidance_editor.navigation import Found, definitions, references
from convagent.guidance_editor.outline import MODIFIERS, TYPES, colours, folds, symbols
from convagent.guidance_editor.renaming import Change, can_rename, rename
from convagent.guidance_editor.spots import Target, target_of, token_at
from convagent.guidance_editor.tokens import Token

__all__ = ["GuidanceServer", "serve"]

DEBOUNCE_SECONDS = 0.2
"""How long nothing is typed before the shop is checked."""

MAX_COLOURED = 300_000
"""Characters of a file whose words are coloured; a larger one is left to the editor's own grammar."""


class _Protocol(LanguageServerProtocol):
    """The protocol without pygls's own copy of the texts: the desk keeps them, by guidance's idea of a line."""

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> Generator[Any, Any, None]:
        """Hands a change on."""
        handler = self.fm.features.get(lsp.TEXT_DOCUMENT_DID_CHANGE)
        if handler is not None:
            yield handler, (params,), None


class GuidanceServer(LanguageServer):
    """A language server for guidance.

    Args:
        load_actions: Whether shops' Python files are loaded to learn what actions there are.
        debounce_seconds: How long nothing is typed before the shop is checked.
        open_cases: Gives the cases of a shop's folder; without it nothing is told of cases.
    """

    def __init__(
        self,
        *,
        load_actions: bool = True,
        debounce_seconds: float = DEBOUNCE_SECONDS,
        open_cases: OpenCases | None = None,
    ) -> None:
        super().__init__("convagent-guidance", version("convagent"), protocol_cls=_Protocol)
        self.desk = Desk(load_actions=load_actions)
        self.debounce_seconds = debounce_seconds
        self.found: dict[str, tuple[Finding, ...]] = {}
        """The findings that were published, by URI."""
        self.closed: set[str] = set()
        """Files that were closed since: what was told of them as they stood in the editor holds no longer."""
        self.done = False
        """The editor said that it is done."""
        self._open_cases = open_cases
        self._cases: dict[Path, GuideCases] = {}
        self._running: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._checking: asyncio.Task[None] | None = None
        self._again = False

    # ---- checking
    def check_soon(self, delay: float | None = None) -> None:
        """Checks once nothing is typed any more."""
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self.debounce_seconds if delay is None else delay, self._check_now)

    def _check_now(self) -> None:
        if self._checking is not None and not self._checking.done():
            self._again = True
            return
        self._checking = asyncio.ensure_future(self._check())

    async def _check(self) -> None:
        """Checks in a thread of its own: what is typed meanwhile is answered meanwhile, and checked afterwards."""
        self._again = True
        while self._again:
            self._again = False
            buffers = self.desk.buffers()
            try:
                views = [view for uri in list(self.desk.documents) if (view := self.desk.view(uri)) is not None]
                alone = [view for view in views if len(view.sources) == 1 and view.sources[0] is view.source
                         and (view.shop is None or not view.shop.holds(view.source.path))]  # fmt: skip
                found = await asyncio.to_thread(self.desk.findings, buffers, alone)
            except Exception as error:  # noqa: BLE001 - whatever a shop's files lead to, the next edit is checked again
                told = str(error) if isinstance(error, ConvagentError) else f"the check failed: {error!r}"
                self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, told))
                continue
            if not self._again:
                self._publish({self.desk.uri(path): findings for path, findings in found.items()})

    def _publish(self, found: dict[str, tuple[Finding, ...]]) -> None:
        opened = set(self.desk.documents)
        closed, self.closed = self.closed - opened, set()
        for uri in dict.fromkeys((*closed, *self.found, *found)):
            findings = found.get(uri, ())
            if uri in opened or uri in closed or findings != self.found.get(uri, ()):
                document = self.desk.documents.get(uri)
                lines = document.lines if document is not None else self.desk.text_lines(path_of(uri))
                told = [diagnostic(finding, lines) for finding in findings]
                version = document.version if document is not None else None
                self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, told, version))
        self.found = {uri: findings for uri, findings in found.items() if findings}

    # ---- answering
    def word(self, uri: str, position: lsp.Position) -> tuple[View, Token, Target] | None:
        """The word at a place, with what it stands for."""
        view = self.desk.view(uri)
        if view is None:
            return None
        token = token_at(view.source.tokens, *view.document.lines.place(position))
        target = target_of(token, view.source, view.analysis) if token is not None else None
        return (view, token, target) if token is not None and target is not None else None

    def location(self, found: Found) -> lsp.Location:
        """A stretch of a file as editors name it."""
        return lsp.Location(self.desk.uri(found.path), self.desk.text_lines(found.path).range(found.span))

    def edits(self, changes: Sequence[Change]) -> lsp.WorkspaceEdit:
        """Changes by file."""
        out: dict[str, list[lsp.TextEdit]] = {}
        for change in changes:
            where = self.location(change.found)
            out.setdefault(where.uri, []).append(lsp.TextEdit(where.range, change.text))
        return lsp.WorkspaceEdit(changes=out)

    # ---- cases
    def cases(self, folder: Path) -> GuideCases | None:
        """What is known of a shop's cases; None where nothing is told of cases."""
        if self._open_cases is not None and folder not in self._cases:
            self._cases[folder] = self._open_cases(folder)
        return self._cases.get(folder)

    def run_cases(self, uri: str, title: str) -> None:
        """Runs the cases of a guide beside everything else, and shows what came of it; one guide at a time."""
        view = self.desk.view(uri)
        cases = self.cases(view.shop.folder) if view is not None and view.shop is not None else None
        if cases is None or not self.desk.load_actions:
            raise JsonRpcInvalidParams("cases run in a shop whose actions may be loaded")
        if self._running is not None and not self._running.done():
            self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, "Cases are running already."))
            return
        self._running = asyncio.ensure_future(self._run_cases(cases, title))

    async def _run_cases(self, cases: GuideCases, title: str) -> None:
        try:
            code, told, printed = await cases.run(title)
        except OSError as error:
            code, told, printed = 2, str(error), ""
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Log, printed))
        kind = lsp.MessageType.Info if code == 0 else lsp.MessageType.Error
        self.window_show_message(lsp.ShowMessageParams(kind, f"{title}: {told}"))
        workspace = self.client_capabilities.workspace
        if workspace is not None and workspace.code_lens is not None and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    def stop_running(self) -> None:
        """Ends cases that still run."""
        if self._running is not None:
            self._running.cancel()


def _register(server: GuidanceServer) -> None:
    """The features, by the names that the protocol has for them."""
    feature, desk = server.feature, server.desk

    @feature(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        kind = server.protocol.workspace.position_encoding
        desk.encoding = str(getattr(kind, "value", kind) or "utf-16")  # type: ignore[assignment]
        given = params.initialization_options
        actions = given.get("actions") if isinstance(given, dict) else getattr(given, "actions", None)
        if actions is False:
            desk.load_actions = False

    @feature(lsp.INITIALIZED)
    def initialized(_params: lsp.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        files = workspace.did_change_watched_files if workspace is not None else None
        if files is not None and files.dynamic_registration:
            watchers = [lsp.FileSystemWatcher(f"**/*.{kind}") for kind in ("md", "toml", "yaml", "py")]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
            server.client_register_capability(
                lsp.RegistrationParams([lsp.Registration("files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)])
            )

    @feature(lsp.SHUTDOWN)
    def shutdown(_params: None) -> None:
        server.stop_running()
        server.done = True

    @feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        desk.open(document.uri, document.language_id, document.version, document.text)
        server.check_soon(0)

    @feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        desk.change(params.text_document.uri, params.text_document.version, params.content_changes)
        server.check_soon()

    @feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        desk.close(params.text_document.uri)
        server.closed.add(params.text_document.uri)
        server.check_soon(0)

    @feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def did_save(_params: lsp.DidSaveTextDocumentParams) -> None:
        server.check_soon(0)

    @feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_files(_params: lsp.DidChangeWatchedFilesParams) -> None:
        server.check_soon()

    @feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[".", '"', "{", "|", " "]))
    def complete(params: lsp.CompletionParams) -> lsp.CompletionList:
        view = desk.view(params.text_document.uri)
        found = completions(view.document.lines, params.position, view.source, view.analysis, view.shop) if view else []
        return lsp.CompletionList(is_incomplete=False, items=found)

    @feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        view = desk.view(params.text_document.uri)
        if view is None:
            return None
        lines = view.document.lines
        place = lines.place(params.position)
        parts = []
        token = token_at(view.source.tokens, *place)
        if token is not None and (told := explained(token, view.source, view.analysis, view.shop)):
            parts.append(told)
        parts += [
            about_finding(each)
            for each in server.found.get(view.document.uri, ())
            if each.line == place[0] and each.column <= place[1] <= each.column + each.width
        ]
        if not parts:
            return None
        where = lines.range(token.span) if token is not None else None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n\n---\n\n".join(parts)), where)

    @feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(params: lsp.DefinitionParams) -> list[lsp.Location]:
        word = server.word(params.text_document.uri, params.position)
        if word is None:
            return []
        view, token, target = word
        return [server.location(each) for each in definitions(token, target, view.sources, view.analysis, view.shop)]

    @feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def refer(params: lsp.ReferenceParams) -> list[lsp.Location]:
        word = server.word(params.text_document.uri, params.position)
        if word is None:
            return []
        view, _, target = word
        declared = params.context.include_declaration
        return [
            server.location(Found(source.path, token.inner))
            for source, token in references(target, view.sources, view.analysis)
            if declared or not token.declares
        ]

    @feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        word = server.word(params.text_document.uri, params.position)
        if word is None or not can_rename(word[1], word[2], word[0].source, word[0].analysis):
            return None
        view, token, _ = word
        return lsp.PrepareRenamePlaceholder(view.document.lines.range(token.inner), token.text)

    @feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def rename_word(params: lsp.RenameParams) -> lsp.WorkspaceEdit:
        word = server.word(params.text_document.uri, params.position)
        if word is None:
            raise JsonRpcInvalidParams("there is nothing to rename here")
        view, _, target = word
        try:
            return server.edits(rename(target, params.new_name, view.sources, view.analysis, view.shop))
        except ConvagentError as error:
            raise JsonRpcInvalidParams(error.message) from None

    @feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outline(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        view = desk.view(params.text_document.uri)
        return symbols(view.source, view.document.lines) if view is not None else []

    @feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    def fold(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
        view = desk.view(params.text_document.uri)
        return folds(view.source) if view is not None else []

    @feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def formatting(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        view = desk.view(params.text_document.uri)
        return formatted(view.document.lines, view.source.file.path) if view is not None else []

    @feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
    def act(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        view = desk.view(params.text_document.uri)
        if view is None:
            return []
        lines, out = view.document.lines, []
        start, end = lines.place(params.range.start), lines.place(params.range.end)
        for finding in server.found.get(view.document.uri, ()):
            shown = diagnostic(finding, lines)
            behind = (finding.line, finding.column + finding.width)
            if (finding.line, finding.column) > end or behind < start:
                continue
            offered: list[Fix] = fixes(finding, view.source, view.sources, view.shop)
            silent = without_code(finding.code, view.source)
            for fix in [*offered, *([silent] if silent is not None else [])]:
                edit = server.edits([fix.change])
                out.append(
                    lsp.CodeAction(
                        fix.title,
                        kind=lsp.CodeActionKind.QuickFix,
                        diagnostics=[shown],
                        is_preferred=fix.preferred,
                        edit=edit,
                    )
                )
        return out

    @feature(lsp.TEXT_DOCUMENT_CODE_LENS, lsp.CodeLensOptions())
    async def lens(params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        view = desk.view(params.text_document.uri)
        cases = server.cases(view.shop.folder) if view is not None and view.shop is not None else None
        if view is None or cases is None:
            return []
        known = await asyncio.to_thread(cases.told, view.source.file)
        return lenses(view.document.uri, known, view.document.lines, runs=desk.load_actions)

    @server.command(RUN_CASES)
    def run_cases(uri: str, title: str) -> None:
        server.run_cases(uri, title)

    legend = lsp.SemanticTokensLegend(list(TYPES), list(MODIFIERS))

    @feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend)
    def colour(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:
        view = desk.view(params.text_document.uri)
        if view is None or len(view.document.lines.text) > MAX_COLOURED:
            return lsp.SemanticTokens([])
        return colours(view.source.tokens, view.document.lines)


def serve(*, load_actions: bool = True, open_cases: OpenCases | None = None) -> None:
    """Serves an editor on standard input and output until it says that it is done.

    What a shop's actions print when they are loaded goes to standard error: standard output carries the protocol alone.

    An editor that is gone without a word, or says "exit" before "shutdown", ends the process with exit code 1.

    Args:
        load_actions: Whether shops' Python files are loaded.
        open_cases: Gives the cases of a shop's folder; without it nothing is told of cases.
    """
    server = GuidanceServer(load_actions=load_actions, open_cases=open_cases)
    _register(server)
    sys.stdout.flush()
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    server.start_io(sys.stdin.buffer, out)
    if not server.done:  # the protocol wants it told apart
        sys.exit(1)
