"""A YAML language server without an editor: speaks the protocol over the server's standard input and output."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

import pytest

HOME = Path(__file__).parent / "editor"
SERVER = HOME / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
MISSING = "no node, or no yaml-language-server: install Node.js, then: npm ci --prefix tools/tests/editor"
_PATIENCE = 60.0  # seconds for one answer


@contextmanager
def started(root: Path, settings: Mapping[str, Any]) -> Iterator[Server]:
    """The server on a folder. None here: the test is skipped, or fails where POLICY_PREVIEW_EDITOR=required (CI)."""
    node = shutil.which("node")
    if node is None or not SERVER.is_file():
        if os.environ.get("POLICY_PREVIEW_EDITOR") == "required":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    with subprocess.Popen(
        [node, str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
    ) as process:
        try:
            yield Server(process, root, settings)
        finally:
            process.kill()


class Server:
    """One session with the server. It asks for settings by the dots of their names, as editors keep them."""

    def __init__(self, process: subprocess.Popen[bytes], root: Path, settings: Mapping[str, Any]) -> None:
        assert process.stdin
        assert process.stdout
        self.root = root
        self._in, self._settings, self._last = process.stdin, settings, 0
        self._heard: Queue[dict[str, Any] | None] = Queue()
        self._told: dict[str, list[dict[str, Any]]] = {}
        Thread(target=_listen, args=(process.stdout, self._heard), daemon=True).start()
        folder = {"uri": root.as_uri(), "name": root.name}
        can = {
            "workspace": {"configuration": True, "workspaceFolders": True},
            "textDocument": {
                "hover": {"contentFormat": ["markdown"]},
                "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
            },
        }
        self.ask(
            "initialize",
            {"processId": os.getpid(), "rootUri": root.as_uri(), "workspaceFolders": [folder], "capabilities": can},
        )
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": None})

    def ask(self, method: str, about: Mapping[str, Any]) -> Any:
        """A request's result. What the server asks or tells meanwhile is answered and kept."""
        self._last += 1
        number = self._last
        self._send({"id": number, "method": method, "params": about})
        while True:
            message = self._next()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]

    def open(self, texts: Mapping[Path, str]) -> dict[Path, list[dict[str, Any]]]:
        """The diagnostics of each text at its path, which need not be there, and can be opened once."""
        for path, text in texts.items():
            assert path.as_uri() not in self._told, f"{path} is open already"
            document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
            self._tell("textDocument/didOpen", {"textDocument": document})
        while any(path.as_uri() not in self._told for path in texts):
            self._next()
        return {path: self._told[path.as_uri()] for path in texts}

    def hover(self, path: Path, line: int, column: int) -> str:
        """What is shown over a place, both from 0; empty for nothing."""
        found = self.ask("textDocument/hover", _at(path, line, column))
        return str(found["contents"]["value"]) if found else ""

    def completion(self, path: Path, line: int, column: int) -> dict[str, str]:
        """What is offered at a place, both from 0, each with its description."""
        found = self.ask("textDocument/completion", _at(path, line, column))
        items = found["items"] if isinstance(found, dict) else found
        return {item["label"]: _plain(item.get("documentation", "")) for item in items}

    def _tell(self, method: str, about: Mapping[str, Any]) -> None:
        self._send({"method": method, "params": about})

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._in.flush()

    def _next(self) -> dict[str, Any]:
        try:
            message = self._heard.get(timeout=_PATIENCE)
        except Empty:
            pytest.fail(f"the language server has said nothing for {_PATIENCE:.0f} seconds")
        if message is None:
            pytest.fail("the language server has ended")
        if message.get("method") == "textDocument/publishDiagnostics":
            self._told[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": self._answer(message)})
        return message

    def _answer(self, message: Mapping[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        return [self._section(item["section"]) for item in message["params"]["items"]]

    def _section(self, name: str) -> dict[str, Any]:
        """The settings `NAME.x.y` as `{x: {y: ...}}`, which is how an editor hands them on."""
        found: dict[str, Any] = {}
        for key, value in self._settings.items():
            if key.startswith(f"{name}."):
                *above, last = key.removeprefix(f"{name}.").split(".")
                here = found
                for step in above:
                    here = here.setdefault(step, {})
                here[last] = value
        return found


def _at(path: Path, line: int, column: int) -> dict[str, Any]:
    return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}


def _plain(documentation: str | dict[str, str]) -> str:
    return documentation if isinstance(documentation, str) else documentation["value"]


def _listen(stream: IO[bytes], heard: Queue[dict[str, Any] | None]) -> None:
    """Every message of the server, in order, then None."""
    while header := stream.readline():
        size = 0
        while header.strip():
            name, _, value = header.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
            header = stream.readline()
        heard.put(json.loads(stream.read(size)))
    heard.put(None)
