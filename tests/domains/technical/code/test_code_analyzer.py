"""What the analyzer says of code: completeness, syntax, imports, symbols, sessions, error handling, places."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pytest

from assay.domains.technical.code import CodeAnalyzer, CodeReport

ANALYZER = CodeAnalyzer()


def analyze(code: str, declared: str = "", context: str = "") -> CodeReport:
    return ANALYZER.analyze(code, declared, context)


def symbols(report: CodeReport) -> dict[str, tuple[str, str]]:
    """What each name as written stands for."""
    return {use.name: (use.symbol, use.origin) for use in report.uses}


# --- Python


def test_imports_and_aliases_qualify_what_is_called() -> None:
    code = (
        "import os.path as p\nfrom json import dumps as d\nimport numpy as np\n\np.join('a')\nd(1)\nnp.linalg.norm(x)\n"
    )
    report = analyze(code)
    assert [(item.symbol, item.name) for item in report.imports] == [
        ("os.path", "p"),
        ("json.dumps", "d"),
        ("numpy", "np"),
    ]
    found = symbols(report)
    assert found["p.join"] == ("os.path.join", "import")
    assert found["d"] == ("json.dumps", "import")
    assert found["np.linalg.norm"] == ("numpy.linalg.norm", "import")


def test_every_use_names_its_place_and_its_arguments() -> None:
    code = "    import requests\n    é = requests.get(url, timeout=3)\n"
    (use,) = analyze(code).calls
    assert code[use.start : use.end] == "requests.get"
    assert (use.keywords, use.arguments) == (("timeout",), 1)


def test_the_class_of_a_variable_is_followed_one_step() -> None:
    code = (
        "import pathlib, sqlite3\n"
        "place = pathlib.Path('a')\nplace.read_text()\n"
        "with sqlite3.connect('x') as db:\n    db.execute('select 1').fetchone()\n"
        "'a'.join([])\n"
    )
    found = symbols(analyze(code))
    assert found["place.read_text"] == ("pathlib.Path.read_text", "inferred")
    assert found["db.execute"] == ("sqlite3.Connection.execute", "inferred")
    assert found["().fetchone"] == ("sqlite3.Cursor.fetchone", "inferred")
    assert found["().join"] == ("str.join", "inferred")


def test_a_name_means_what_it_was_last_bound_to() -> None:
    code = "import json\njson.loads('1')\njson = Loader()\njson.loads('1')\n"
    assert [(use.symbol, use.origin) for use in analyze(code).calls if use.name == "json.loads"] == [
        ("json.loads", "import"),
        ("", "local"),
    ]


def test_what_the_code_defines_itself_is_local_and_no_symbol() -> None:
    code = "import shop\n\ndef sorted(x):\n    return shop.sort(x)\n\nsorted([1])\n"
    report = analyze(code)
    assert symbols(report)["sorted"] == ("", "local")
    assert report.symbols == ("shop", "shop.sort")
    assert [(item.kind, item.name) for item in report.definitions] == [("function", "sorted")]


def test_methods_of_a_base_class_are_inferred_own_ones_are_local() -> None:
    code = (
        "import unittest\n\nclass T(unittest.TestCase):\n    def help(self): ...\n"
        "    def test(self):\n        self.assertTrue(1)\n        self.help()\n        self.client.get('/')\n"
    )
    found = symbols(analyze(code))
    assert found["self.assertTrue"] == ("unittest.TestCase.assertTrue", "inferred")
    assert found["self.help"][1] == "local"
    assert found["self.client.get"] == ("", "")


def test_a_standard_module_used_without_its_import_is_named_as_such() -> None:
    assert symbols(analyze("os.path.join('a', 'b')"))["os.path.join"] == ("os.path.join", "module")
    assert symbols(analyze("thing.run()", declared="python"))["thing.run"] == ("", "")


def test_builtins_are_bare_symbols() -> None:
    found = symbols(analyze("with open('a') as f:\n    data = f.read()\n"))
    assert found["open"] == ("open", "builtin")
    assert found["f.read"] == ("io.TextIOWrapper.read", "inferred")


@pytest.mark.parametrize(
    ("code", "completeness"),
    [
        ("import os\n\n\ndef main():\n    os.getcwd()\n", "file"),
        ("#!/usr/bin/env python3\nprint(1)\n", "file"),
        ("x = load()\nprint(x)\n", "snippet"),
        ("    else:\n        print(1)\n", "fragment"),
        ("def weigh(pear):\n", "fragment"),
        ("@cached\n", "fragment"),
        ("open(file, mode='r', *, encoding=None)", "fragment"),
        ("import os\n...\nos.remove(x)\n", "fragment"),
        ("%timeit sum(x)\nimport os\n", "fragment"),
    ],
)
def test_python_is_a_file_a_snippet_or_a_fragment(code: str, completeness: str) -> None:
    report = analyze(code, declared="python")
    assert report.completeness == completeness
    assert report.parses and not report.error


def test_code_that_does_not_parse_says_why_and_still_gives_what_does() -> None:
    report = analyze("import os\nos.remove(x)\nthis is no python\nos.rename(a, b)\n", declared="python")
    assert report.parses is False and report.error.startswith("line 3")
    assert report.symbols == ("os", "os.remove", "os.rename")
    assert report.completeness == "fragment"


def test_python_2_does_not_parse() -> None:
    report = analyze("print 'x'\n", declared="python")
    assert report.parses is False and report.error


def test_errors_that_are_caught_are_named_with_their_module() -> None:
    code = (
        "import requests\nfrom json import JSONDecodeError as Bad\n\ntry:\n    r = requests.get(u)\n"
        "    r.raise_for_status()\nexcept (requests.Timeout, Bad) as e:\n    raise OSError('x') from e\n"
    )
    report = analyze(code)
    assert [(item.form, item.names) for item in report.handling] == [
        ("try", ("requests.Timeout", "json.JSONDecodeError")),
        ("status check", ("raise_for_status",)),
        ("raises", ("OSError",)),
    ]
    assert report.has_error_handling
    assert not analyze("raise ValueError('x')").has_error_handling


def test_a_session_is_split_into_what_was_typed_and_what_came_out() -> None:
    code = ">>> import shop\n>>> for pear in shop.all():\n...     print(pear)\n...\nconference\n>>> pear.\n"
    report = analyze(code)
    assert report.language == "pycon" and report.parses is False
    assert [(part.kind, part.text) for part in report.parts] == [
        ("input", "import shop"),
        ("input", "for pear in shop.all():\n    print(pear)\n"),
        ("output", "conference"),
        ("input", "pear."),
    ]
    assert report.code == "import shop\nfor pear in shop.all():\n    print(pear)\n\npear."
    assert "shop.all" in report.symbols


def test_a_session_that_parses_is_a_snippet_and_output_is_no_code() -> None:
    report = analyze(">>> 1 / 0\nTraceback (most recent call last):\nZeroDivisionError: no\n>>> len('a')\n1\n")
    assert report.parses and report.completeness == "snippet"
    assert report.symbols == ("len",)


def test_a_shell_session_keeps_continued_lines_together() -> None:
    report = analyze("$ curl -X POST \\\n    https://example.org\n{}\n$ set -e; make || exit 1\n")
    assert [part.kind for part in report.parts] == ["input", "output", "input"]
    assert [use.name for use in report.calls] == ["curl", "set", "make", "exit"]
    assert {item.form for item in report.handling} == {"exit on error"}


# --- other languages


@pytest.mark.parametrize(
    ("language", "code", "symbol", "form"),
    [
        (
            "javascript",
            "import fs, { readFile as rf } from 'fs';\ntry { rf('a'); } catch (e) { throw e; }\n",
            "fs.readFile",
            "catch",
        ),
        ("javascript", "const { join } = require('path');\njoin('a');\ntry { } catch { }\n", "path.join", "catch"),
        (
            "typescript",
            "import * as api from 'api';\nconst f = (x: number): void => { try { api.get(x); } catch (e) {} };\n",
            "api.get",
            "catch",
        ),
        (
            "java",
            "import java.util.List;\nclass A { void f() { try { List.of(1); } catch (IOException e) { } } }\n",
            "java.util.List.of",
            "catch",
        ),
        (
            "go",
            'package a\nimport h "net/http"\nfunc f() error { _, err := h.Get("x"); if err != nil { return err } }\n',
            "net/http.Get",
            "if err",
        ),
        (
            "rust",
            'use std::fs::File;\nfn f() -> Result<(), E> { let x = File::open("a")?; Ok(()) }\n',
            "std::fs::File::open",
            "result",
        ),
        (
            "php",
            "<?php\nuse Shop\\Pear as P;\ntry { P::weigh(1); } catch (\\Exception $e) { }\n",
            "Shop\\Pear.weigh",
            "catch",
        ),
        ("ruby", "require 'json'\nbegin\n  JSON.parse(x)\nrescue JSON::ParserError\n  nil\nend\n", "json", "rescue"),
        (
            "csharp",
            "using System.Text.Json;\nclass A { void F() { try { G(); } catch (JsonException e) { throw; } } }\n",
            "System.Text.Json",
            "catch",
        ),
        ("c", '#include <stdio.h>\nint main(void) { puts("a"); return 0; }\n', "puts", ""),
    ],
)
def test_imports_calls_and_guards_of_other_languages(language: str, code: str, symbol: str, form: str) -> None:
    report = analyze(code)
    assert report.language == language, report.language_reason
    assert report.parses, report.error
    assert symbol in report.symbols
    assert form in ({item.form for item in report.handling} | {""})
    for use in report.uses:
        assert code[use.start : use.end]


@pytest.mark.parametrize(
    ("language", "code", "completeness"),
    [
        ("go", "x, err := load()\nif err != nil {\n    return err\n}\n", "fragment"),
        ("java", 'public void go() {\n    System.out.println("x");\n}\n', "fragment"),
        ("c", "if (x == NULL)\n    goto fail;\n", "fragment"),
        ("javascript", "load();\n", "snippet"),
        ("json", '{"a": 1}', "snippet"),
        ("yaml", "a:\n  - 1\n", "snippet"),
        ("html", "<p>a<br><b>b</b></p>", "snippet"),
    ],
)
def test_fragments_of_other_languages_parse_inside_what_they_lack(language: str, code: str, completeness: str) -> None:
    report = analyze(code, declared=language)
    assert report.parses and report.completeness == completeness


@pytest.mark.parametrize(
    ("language", "code"),
    [("json", '{"a": }'), ("html", "<p><b>a</p>"), ("yaml", "a: [1\n"), ("javascript", "f( {"), ("toml", "a = ")],
)
def test_what_is_broken_does_not_parse_and_says_where(language: str, code: str) -> None:
    report = analyze(code, declared=language)
    assert report.parses is False and report.error


def test_a_language_without_a_grammar_is_unknown_not_an_error() -> None:
    report = analyze("MOVE A TO B.", declared="cobol")
    assert report.parses is None and report.completeness == "unknown" and not report.error


# --- blocks and answers


@pytest.mark.parametrize(
    ("block", "language"),
    [
        ("```python title='a.py'\nimport os\n```", "python"),
        ("~~~py\nimport os\n~~~", "python"),
        (".. code-block:: python\n   :caption: a\n\n   import os\n", "python"),
        ("   import os\n", "python"),
    ],
)
def test_fences_and_directives_are_peeled_off_a_block(block: str, language: str) -> None:
    text = f"Before:\n\n{block}\nAfter."
    start = text.index(block)
    report = ANALYZER.analyze_block(text, start, start + len(block))
    assert report.language == language
    assert text[report.start : report.end] == "import os"
    assert text[report.imports[0].start : report.imports[0].end] == "import os"


def test_the_snippets_of_an_answer_are_found_with_their_places() -> None:
    answer = "Do this:\n\n```python\nimport os\n```\n\nor\n\n~~~\n$ ls\n~~~\n\nand\n\n```js\nlet a = 1;\n"
    found = ANALYZER.snippets(answer)
    assert [(item.language_tag, item.report.language, item.closed) for item in found] == [
        ("python", "python", True),
        ("", "console", True),
        ("js", "javascript", False),
    ]
    assert answer[found[0].start : found[0].end] == "```python\nimport os\n```"


def test_a_report_is_frozen_and_can_be_written_as_json() -> None:
    report = analyze("import os\nos.getcwd()\n")
    assert json.loads(json.dumps(report.to_dict()))["imports"][0]["symbol"] == "os"
    assert report["language"] == "python"
    with pytest.raises(FrozenInstanceError):
        report.language = "c"  # type: ignore[misc]
