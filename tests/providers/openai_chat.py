"""A local server that speaks OpenAI's Chat Completions, so that the vendor's own SDK is what runs.

It holds requests to the SDK's own request types and to the rules of strict schemas, and answers by script with
responses that the SDK's own types accept; what a broken service sends goes out as it is.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from openai.types.chat import ChatCompletion
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from pydantic import TypeAdapter, ValidationError

KEY = "sk-test-0123456789abcdef"
MAX_ENUM_VALUES = 1000
MAX_PROPERTIES = 5000
MAX_DEPTH = 10
KEYWORDS = {
    "$defs", "$ref", "additionalProperties", "anyOf", "const", "description", "enum", "items", "maxItems", "maximum",
    "minItems", "minimum", "pattern", "properties", "required", "type",
}  # fmt: skip
_request = TypeAdapter(CompletionCreateParamsNonStreaming)


@dataclass(frozen=True, slots=True)
class Reply:
    """`body` goes out as JSON unless it is bytes. `never` keeps the connection open and says nothing."""

    body: Any = b""
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    never: bool = False


Script = Callable[[dict[str, Any]], Reply]


@dataclass
class ChatServer:
    """`requests` are the bodies that came in; `paths` and `keys` what they came with."""

    script: Script
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def material(self) -> dict[str, Any]:
        """What the last request told about the turn."""
        found: dict[str, Any] = json.loads(self.requests[-1]["messages"][-1]["content"])
        return found

    @property
    def schema(self) -> dict[str, Any]:
        found: dict[str, Any] = self.requests[-1]["response_format"]["json_schema"]["schema"]
        return found

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _head(reader):
                body = await reader.readexactly(int(head.get("content-length", 0)))
                self.paths.append(head[""])
                self.keys.append(head.get("authorization", ""))
                reply = self.answer(json.loads(body))
                if reply.never:
                    await reader.read()  # until the client has had enough
                    return
                writer.write(_response(reply))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    def answer(self, body: dict[str, Any]) -> Reply:
        self.requests.append(body)
        if self.paths[-1] != "POST /v1/chat/completions":
            return failed(404, "invalid_request_error", f"Invalid URL ({self.paths[-1]})")
        if self.keys[-1] != f"Bearer {KEY}":
            return failed(401, "invalid_request_error", f"Incorrect API key provided: {self.keys[-1][7:]}.")
        try:
            _request.validate_python(body)
        except ValidationError as error:
            return failed(400, "invalid_request_error", str(error))
        wrong = list(schema_faults(body["response_format"]["json_schema"]["schema"]))
        return failed(400, "invalid_request_error", "; ".join(wrong)) if wrong else self.script(body)


@asynccontextmanager
async def chat_server(script: Script) -> AsyncIterator[ChatServer]:
    server = ChatServer(script)
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await server.serve(reader, writer)
        except asyncio.CancelledError:
            writer.close()  # ours, below; asyncio's streams would report a cancelled handler as a failure
        finally:
            tasks.discard(task)

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()
    server.url = f"http://{host}:{port}/v1"
    try:
        yield server
    finally:
        listening.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await listening.wait_closed()


def says(content: object, **message: Any) -> Reply:
    """A completion whose message is `content`: as JSON unless it is text already."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    return completion({"content": text, **message})


def refuses(words: str) -> Reply:
    return completion({"content": None, "refusal": words})


def completion(message: dict[str, Any], finish_reason: str = "stop") -> Reply:
    """Held to the SDK's own type, so that no script can answer what the real service would not."""
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "scripted",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "logprobs": None,
                "message": {"role": "assistant", "refusal": None, **message},
            }
        ],
        "usage": {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20},
    }
    ChatCompletion.model_validate(body, strict=True)
    return Reply(body)


def failed(status: int, kind: str, message: str, **headers: str) -> Reply:
    error = {"message": message, "type": kind, "param": None, "code": None}
    return Reply({"error": error}, status, headers=headers)


def schema_faults(schema: Any, path: str = "$", depth: int = 0) -> Iterator[str]:
    """What the service would refuse a strict schema for."""
    if depth == 0:
        if schema.get("type") != "object":
            yield "the root is no object"
        text = json.dumps(schema)
        if sum(len(one) for one in _enums(schema)) > MAX_ENUM_VALUES:
            yield "too many enum values"
        if text.count('"properties"') > MAX_PROPERTIES:
            yield "too many properties"
        names = set(schema.get("$defs", {}))
        yield from (f"{ref} is not defined" for ref in _refs(schema) if ref.rpartition("/")[2] not in names)
    if depth > MAX_DEPTH:
        yield f"{path} is nested too deep"
    yield from (f"{path}: keyword {word} is not supported" for word in schema if word not in KEYWORDS)
    if schema.get("enum") == []:
        yield f"{path}: an empty enum"
    if "properties" in schema:
        if schema.get("additionalProperties") is not False:
            yield f"{path}: additionalProperties must be false"
        if schema.get("required") != list(schema["properties"]):
            yield f"{path}: every property must be required"
    for name, one in (*schema.get("properties", {}).items(), *schema.get("$defs", {}).items()):
        yield from schema_faults(one, f"{path}.{name}", depth + 1)
    for one in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else [])):
        yield from schema_faults(one, f"{path}[]", depth + 1)


def _enums(schema: Any) -> Iterator[list[Any]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("enum"), list):
            yield schema["enum"]
        for one in schema.values():
            yield from _enums(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from _enums(one)


def _refs(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for one in schema.values():
            yield from _refs(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from _refs(one)


async def _head(reader: asyncio.StreamReader) -> dict[str, str]:
    """Headers by lower-case name; "" is method and path. Empty at the end of the connection."""
    try:
        raw = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return {}
    first, *lines = raw.rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    return {"": f"{method} {target}"} | {name.lower(): value.strip() for name, _, value in pairs}


def _response(reply: Reply) -> bytes:
    body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    headers = {"content-type": reply.content_type, "content-length": str(len(body))} | reply.headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {reply.status} Scripted\r\n{lines}\r\n".encode() + body
