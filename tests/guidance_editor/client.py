"""An editor for tests: it starts the language server as editors do and speaks the protocol on its pipes."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["Editor", "ServerError", "place", "units"]

PATIENCE = 40.0
"""Seconds until a silent server counts as dead; a busy machine needs some."""


class ServerError(Exception):
    """What the server answered instead of a result."""


def units(text: str) -> int:
    """Characters as the protocol counts them unless told otherwise: units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def place(text: str, mark: str, *, behind: bool = False, occurrence: int = 1) -> dict[str, int]:
    """The position of a stretch of a text, or of its end."""
    at = -1
    for _ in range(occurrence):
        at = text.index(mark, at + 1)
    at += len(mark) if behind else 0
    row = text.count("\n", 0, at)
    return {"line": row, "character": units(text[text.rfind("\n", 0, at) + 1 : at])}


class Editor:
    """A session with a server in a process of its own."""

    def __init__(self, *arguments: str, cwd: Path | None = None, capabilities: dict[str, Any] | None = None,
                 options: dict[str, Any] | None = None) -> None:  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "convagent", "guidance", "lsp", *arguments],
            cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONWARNINGS": "default", "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        self.capabilities, self.options = capabilities or {}, options
        self.said = b""
        self.notes: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self._ids = 0
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._news = threading.Condition()
        self._threads = [threading.Thread(target=self._listen), threading.Thread(target=self._overhear)]
        for thread in self._threads:
            thread.start()

    # ---- pipes
    def _listen(self) -> None:
        assert self.process.stdout is not None
        while header := self.process.stdout.readline():
            assert header.lower().startswith(b"content-"), header
            length = 0
            while header.strip():
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
                header = self.process.stdout.readline()
            message = json.loads(self.process.stdout.read(length))
            with self._news:
                if "method" not in message:
                    self._answers[message["id"]].put(message)
                elif "id" in message:
                    self.asked.append(message["method"])
                    self._send({"id": message["id"], "result": None})
                else:
                    self.notes.append(message)
                self._news.notify_all()

    def _overhear(self) -> None:
        assert self.process.stderr is not None
        while line := self.process.stderr.readline():
            self.said += line

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode("utf-8", "surrogatepass")
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def raw(self, data: bytes) -> None:
        """Writes bytes to the server."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    # ---- the protocol
    def notify(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        """The answer to a request.

        Raises:
            ServerError: It is an error.
        """
        self._ids += 1
        answers = self._answers[self._ids] = queue.Queue()
        self._send({"id": self._ids, "method": method, "params": params})
        for _ in range(int(PATIENCE * 10)):
            try:
                answer = answers.get(timeout=0.1)
                break
            except queue.Empty:
                assert self.process.poll() is None, self.said.decode("utf-8", "replace")
        else:
            raise AssertionError(f"{method} was not answered")
        if "error" in answer:
            raise ServerError(answer["error"]["message"])
        return answer["result"]

    def __enter__(self) -> Editor:
        params: dict[str, Any] = {"processId": None, "rootUri": None, "capabilities": self.capabilities}
        if self.options is not None:
            params["initializationOptions"] = self.options
        try:
            self.server = self.ask("initialize", **params)
            self.notify("initialized")
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None and kind is None:
            self.ask("shutdown")
            self._send({"method": "exit"})
        else:
            self.process.kill()
        code = self.process.wait(timeout=PATIENCE)
        for thread in self._threads:
            thread.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()
        if kind is None:
            assert code == 0, self.said.decode("utf-8", "replace")

    # ---- what editors do
    def open(self, path: Path, text: str | None = None, *, language: str = "markdown") -> str:
        """Opens a file, with what is on the disk or another text; gives its URI."""
        written = path.read_text(encoding="utf-8") if text is None else text
        document = {"uri": path.as_uri(), "languageId": language, "version": 1, "text": written}
        self.notify("textDocument/didOpen", textDocument=document)
        return path.as_uri()

    def change(self, uri: str, text: str, version: int, **where: Any) -> None:
        """Writes another text; with `range` instead of that stretch."""
        self.notify(
            "textDocument/didChange", textDocument={"uri": uri, "version": version}, contentChanges=[{"text": text, **where}]
        )  # fmt: skip

    def diagnostics(self, uri: str, version: int | None = 1) -> list[dict[str, Any]]:
        """The findings of a file as of a version, waited for; of a file that isn't open the version is None."""

        def found() -> dict[str, Any] | None:
            told = [
                note["params"] for note in self.notes
                if note["method"] == "textDocument/publishDiagnostics" and note["params"]["uri"] == uri
                and note["params"].get("version") == version
            ]  # fmt: skip
            return told[-1] if told else None

        with self._news:
            assert self._news.wait_for(lambda: found() is not None, timeout=PATIENCE), self.said.decode()
            news = found()
        assert news is not None
        diagnostics: list[dict[str, Any]] = news["diagnostics"]
        return diagnostics

    def at(self, method: str, uri: str, position: dict[str, int], **params: Any) -> Any:
        """The answer to a request about a place."""
        return self.ask(f"textDocument/{method}", textDocument={"uri": uri}, position=position, **params)

    def labels(self, uri: str, position: dict[str, int]) -> list[str]:
        """What may be written at a place."""
        found = self.at("completion", uri, position)
        return [item["label"] for item in found["items"]]
