"""The language of code without a label: examples of our own in many languages, and text that is none."""

from __future__ import annotations

import pytest

from assay.domains.technical.code import CodeAnalyzer

ANALYZER = CodeAnalyzer()

SAMPLES = [
    ("python", "def area(width, height):\n    return width * height\n"),
    ("python", "from shop import Basket\n\nbasket = Basket(owner='ann')\nbasket.add('pear', count=3)\n"),
    ("python", "SETTINGS = {\n    'retries': 3,\n    'hosts': ['a', 'b'],\n}\n"),
    ("python", "for name in names:\n    if name.startswith('_'):\n        continue\n    ...\n"),
    ("python", "print 'the old way'\nclass Old:\n    def go(self): print self.x\n"),
    ("pycon", ">>> total = 2\n>>> total + 1\n3\n"),
    ("pycon", "In [1]: import shop\n\nIn [2]: shop.count()\nOut[2]: 4\n"),
    ("console", "$ shopctl list --all\npear  3\n"),
    ("console", "(venv) ann@box:~/shop$ ls\nREADME.md\n"),
    ("doscon", "C:\\shop> dir /b\nREADME.md\n"),
    ("bash", "git clone https://example.org/shop.git\ncd shop\nmake install\n"),
    ("bash", 'for file in *.txt; do\n  echo "$file"\ndone\n'),
    ("bash", "export SHOP_TOKEN=abc\nshopctl serve --port 80\n"),
    ("json", '{"name": "pear", "count": 3, "tags": ["fresh", null]}'),
    ("json", '[\n  {"id": 1, "ok": true},\n  {"id": 2, "ok": false}\n]'),
    ("json", '{\n  "name": "pear",\n  "more": true,\n  ...\n}'),
    ("yaml", "services:\n  shop:\n    image: shop:1.2\n    ports:\n      - 8080\n"),
    ("yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n"),
    ("toml", '[tool.shop]\nname = "pear"\nretries = 3\n'),
    ("ini", "[shop]\nhost = localhost\nport = 80\n\n[log]\nlevel = debug\n"),
    ("html", '<div class="card">\n  <p>Pears</p>\n  <a href="/pears">more</a>\n</div>\n'),
    ("django", "<ul>\n{% for pear in pears %}\n  <li>{{ pear.name|title }}</li>\n{% endfor %}\n</ul>\n"),
    ("xml", '<?xml version="1.0"?>\n<shop><pear count="3"/></shop>\n'),
    ("css", ".card {\n  color: red;\n  margin: 0 auto;\n}\n"),
    ("sql", "SELECT name, count(*) FROM pears WHERE ripe = 1 GROUP BY name;\n"),
    ("sql", "CREATE TABLE pears (\n  id integer PRIMARY KEY,\n  name varchar(20) NOT NULL\n);\n"),
    ("javascript", "const pears = await fetch('/pears').then((answer) => answer.json());\nconsole.log(pears);\n"),
    ("javascript", "function weigh(pear) {\n  return pear.grams === undefined ? null : pear.grams;\n}\n"),
    ("javascript", "import { weigh } from './scales.js';\n\nexport default function Shop() {\n  return weigh(1);\n}\n"),
    ("typescript", "interface Pear {\n  name: string;\n  grams?: number;\n}\n\nconst one: Pear = { name: 'a' };\n"),
    (
        "typescript",
        "export async function load(id: number): Promise<Pear[]> {\n  return api.get(`/p/${id}`);\n}\n",
    ),
    (
        "java",
        "public class Shop {\n    private final int n;\n    public Shop(int m) { n = m; }\n}\n",
    ),
    ("java", 'import java.util.List;\n\nList<String> names = List.of("a");\nSystem.out.println(names);\n'),
    ("c", '#include <stdio.h>\n\nint main(void) {\n    printf("%d\\n", 3);\n    return 0;\n}\n'),
    ("c", "struct pear *p = malloc(sizeof(*p));\nif (p == NULL)\n    return -1;\np->count = 3;\n"),
    ("cpp", "#include <vector>\n\nstd::vector<int> pears{1, 2};\nfor (auto& pear : pears) { pear += 1; }\n"),
    (
        "csharp",
        "using System.Net.Http;\n\nvar web = new HttpClient();\nConsole.WriteLine(await web.GetStringAsync(u));\n",
    ),
    ("csharp", "public record Pear\n{\n    public string Name { get; init; }\n}\n"),
    ("go", 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("pear")\n}\n'),
    ("go", "answer, err := client.Get(url)\nif err != nil {\n\treturn nil, err\n}\ndefer answer.Body.Close()\n"),
    ("rust", "fn weigh(pear: &Pear) -> Option<u32> {\n    let grams = pear.grams?;\n    Some(grams)\n}\n"),
    ("rust", 'use std::fs;\n\nlet text = fs::read_to_string("a").unwrap();\nprintln!("{}", text);\n'),
    ("ruby", "class Shop\n  attr_reader :pears\n\n  def weigh\n    pears.each { |pear| puts pear }\n  end\nend\n"),
    ("php", "<?php\n$pears = ['a'];\nforeach ($pears as $pear) {\n    echo $pear;\n}\n"),
    ("kotlin", 'data class Pear(val name: String)\n\nfun main() {\n    val one = Pear("a")\n    println(one)\n}\n'),
    ("dockerfile", 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["shop"]\n'),
    ("makefile", ".PHONY: test\ntest: build\n\tpytest $(ARGS)\n"),
    ("diff", "diff --git a/shop.py b/shop.py\n@@ -1,2 +1,2 @@\n-old\n+new\n"),
    ("http", "POST /pears HTTP/1.1\nHost: example.org\nContent-Type: application/json\n\n{}\n"),
    ("rst", ".. note::\n\n   See :ref:`pears` and :func:`weigh`.\n"),
    ("pytb", 'Traceback (most recent call last):\n  File "shop.py", line 3, in <module>\nValueError: no pear\n'),
    ("nginx", "server {\n    listen 80;\n    location / { proxy_pass http://shop; }\n}\n"),
    ("protobuf", 'syntax = "proto3";\nmessage Pear {\n  string name = 1;\n}\n'),
    ("terraform", 'resource "aws_instance" "shop" {\n  ami = "abc"\n}\n'),
    ("mermaid", "sequenceDiagram\n    Ann->>Shop: buy\n"),
    ("text", "shop/\n├── README.md\n└── pears\n    └── one.txt\n"),
    ("text", "2024-03-01 10:00:01 INFO started\n2024-03-01 10:00:02 INFO ready\n"),
]


@pytest.mark.parametrize(("language", "code"), SAMPLES, ids=[f"{name}-{n}" for n, (name, _) in enumerate(SAMPLES)])
def test_the_language_of_code_without_a_label_is_found(language: str, code: str) -> None:
    name, source, reason = ANALYZER.language(code)
    assert name == language, reason
    assert source in ("rules", "parse") and reason


@pytest.mark.parametrize(
    ("label", "language"),
    [("py3", "python"), ("Shell-Session", "console"), ("C++", "cpp"), ("html+jinja", "django"), ("cobol", "cobol")],
)
def test_a_label_is_believed_and_normalised(label: str, language: str) -> None:
    assert ANALYZER.language("whatever 1 2 3", declared=label)[:2] == (language, "declared")


def test_prompts_make_a_label_exact() -> None:
    assert ANALYZER.language("$ ls\n", declared="bash")[0] == "console"
    assert ANALYZER.language(">>> 1\n1\n", declared="python")[0] == "pycon"
    assert ANALYZER.language("$ ls\n", declared="python")[0] == "python"


@pytest.mark.parametrize("text", ["x", "pears and more pears", "12 13", "", "   \n", "ümlaut"])
def test_no_language_is_guessed_from_signs_that_are_too_weak(text: str) -> None:
    assert ANALYZER.language(text)[:2] == ("unknown", "unknown")


def test_the_language_of_the_page_decides_only_what_is_too_weak_alone() -> None:
    assert ANALYZER.language("load(pears)")[0] == "unknown"
    assert ANALYZER.language("load(pears)", context="python")[:2] == ("python", "context")
    assert ANALYZER.language('{"a": {"b": null}}', context="python")[0] == "json"


def test_python_source_with_a_prompt_in_its_docstring_is_no_session() -> None:
    code = 'def twice(x):\n    """Double.\n\n    >>> twice(2)\n    4\n    """\n    return 2 * x\n'
    report = ANALYZER.analyze(code)
    assert report.language == "python" and report.parses and len(report.parts) == 1
