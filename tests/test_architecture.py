"""Conventions that a search can check: docs/architecture.md says why each one holds."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "restaurants", "orders", "flags", "voice")
EDGES_WITHOUT_QUERIES = ("views", "consumers", "tasks", "api")  # admin is Django's own query screen
DEFINES_CONSUMER = re.compile(r"^class \w+Consumer\b", re.MULTILINE)
REASON_FOR_LENGTH = re.compile(r"budget:", re.IGNORECASE)
MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES, CONSUMER_LINES = 300, 40, 80, 120
# Spelled in pieces, or this file would be its own first offender.
FOREIGN_PATHS = re.compile("|".join(["/wo" + "rk/", "/ro" + "ot/", "/home/" + "[a-z]", "sha" + "red/(design|bench)"]))
REGISTRY_HOSTS = re.compile(
    "|".join([r"pypi\." + "org", r"files\.python" + "hosted", r"registry\." + "npmjs", r"registry\." + "yarnpkg"])
)
BANNED_NAMES = re.compile(r"(^|_)(manager|helper|helpers|utils|util|base|misc|common)\.py$")
UNFINISHED = re.compile("|".join([r"\bTO" + "DO", r"\bFIX" + "ME", r"\bXX" + r"X\b"]))


def tracked(*patterns: str) -> list[Path]:
    """Files that are part of the project: committed, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listing.stdout.splitlines() if (path := ROOT / name).is_file()]


def app_modules() -> list[Path]:
    return [path for path in tracked(*(f"{app}/*.py" for app in APPS)) if "migrations" not in path.parts]


def is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()[:8192]


def lines_matching(paths: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in paths
        if is_text(path)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def floor_name(path: Path) -> str:
    """`orders/views/board.py` and `orders/views.py` are both "views"."""
    return path.relative_to(ROOT).with_suffix("").parts[1]


def functions_of(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, its docstring not counted."""
    body = function.body
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_edges_never_query_models_themselves() -> None:
    edges = [path for path in app_modules() if floor_name(path) in EDGES_WITHOUT_QUERIES]
    assert not lines_matching(edges, re.compile(r"\.objects\b|\braw\("))


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert not lines_matching(tracked(), FOREIGN_PATHS)


def test_no_file_names_a_package_registry() -> None:
    """Whoever installs chooses where from."""
    assert not lines_matching(tracked(), REGISTRY_HOSTS)


def test_nothing_is_left_unfinished() -> None:
    assert not lines_matching(tracked("*.py", "*.js", "*.html", "*.css", "*.sh", "Makefile"), UNFINISHED)


def test_no_test_is_skipped() -> None:
    skipping = re.compile(r"pytest\.(mark\.)?(skip|xfail)|\bskipif\b|\.skip\(|\btodo\b:\s*true")
    assert not lines_matching(
        tracked("tests/*.py", "tests/*.js"), re.compile(f"^(?!.*re.compile).*({skipping.pattern})")
    )


def test_our_own_code_is_not_mocked() -> None:
    assert not lines_matching(
        tracked("tests/*.py"), re.compile(r"^\s*(from|import) (unittest" + r"\.mock|unittest import mock|mock\b)")
    )


def test_errors_are_not_swallowed() -> None:
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in app_modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and all(isinstance(statement, ast.Pass) for statement in node.body)
    ]
    assert not offenders


def test_every_ignored_type_error_has_a_code() -> None:
    assert not lines_matching(tracked("*.py"), re.compile(r"# type: " + r"ignore(?!\[)"))


def test_module_names_say_what_is_inside() -> None:
    assert not [path for path in tracked("*.py") if BANNED_NAMES.search(path.name)]


@pytest.mark.parametrize(
    ("paths", "limit"),
    [
        (lambda: app_modules() + tracked("benchmarks/*.py"), MODULE_LINES),
        (lambda: [path for path in app_modules() if DEFINES_CONSUMER.search(path.read_text())], CONSUMER_LINES),
        (lambda: tracked("templates/*.html"), TEMPLATE_LINES),
        (lambda: tracked("static/js/*.js"), MODULE_LINES),
    ],
    ids=["modules", "consumers", "templates", "javascript"],
)
def test_files_stay_short_or_say_why_not(paths: object, limit: int) -> None:
    too_long = {}
    for path in paths():  # type: ignore[operator]
        text = path.read_text(encoding="utf-8")
        if (count := len(text.splitlines())) > limit and not REASON_FOR_LENGTH.search(text):
            too_long[str(path.relative_to(ROOT))] = count
    assert too_long == {}, f"over {limit} lines without a comment 'budget: why'"


def test_functions_stay_short_or_say_why_not() -> None:
    too_long = {}
    for path in app_modules():
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for function in functions_of(ast.parse(text)):
            own = "\n".join(lines[function.lineno - 1 : function.end_lineno])
            if (count := length_of(function)) > FUNCTION_LINES and not REASON_FOR_LENGTH.search(own):
                too_long[f"{path.relative_to(ROOT)}:{function.name}"] = count
    assert too_long == {}, f"over {FUNCTION_LINES} lines without a comment 'budget: why'"


def test_pages_carry_no_inline_script_or_style() -> None:
    """The content security policy would block them; better to hear it here."""
    inline = re.compile(
        r"<style\b|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(\bsrc=|type=\"application/(ld\+)?json\"))", re.IGNORECASE
    )
    pages = [path for path in tracked("templates/*.html") if path.name != "report.html"]  # a file to keep and to mail
    assert not lines_matching(pages, inline)


def test_every_setting_is_in_the_example() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in app_modules())
    read = set(re.findall(r"env_(?:str|bool|int|list|path|secret)\(\s*\"([A-Z_]+)\"", source))
    shown = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert read == shown


def test_every_requirement_is_pinned_with_a_hash() -> None:
    for path in tracked("requirements/*.txt"):
        entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        assert not [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry], path.name


def test_public_audio_functions_name_their_sample_rate() -> None:
    """`sample_rate_hz` is said by name at every call and never assumed."""
    offenders = []
    for path in tracked("voice/audio/*.py"):
        for function in functions_of(ast.parse(path.read_text(encoding="utf-8"))):
            arguments = function.args
            if any(one.arg == "sample_rate_hz" for one in (*arguments.posonlyargs, *arguments.args)):
                offenders.append(f"{path.name}:{function.name}: not keyword-only")
            for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
                if one.arg == "sample_rate_hz" and default is not None:
                    offenders.append(f"{path.name}:{function.name}: has a default")
    assert not offenders
