"""The parts of an OpenAPI section as lines: parameters, bodies, responses, properties, security. See `openapi`."""

from __future__ import annotations

from collections.abc import Iterator

from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.json_scan import Node

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MAX_LINES = 400
_MAX_EXAMPLE = 4000
_COMPOSED = ("allOf", "oneOf", "anyOf")


class Parts:
    """Writes the parts of one description's sections into `writer`; `root` is where references start."""

    def __init__(self, writer: FlowWriter, root: Node) -> None:
        self.writer = writer
        self.root = root

    def resolve(self, node: Node) -> Node:
        """What a node refers to inside the file; the node itself where it refers to nothing or in a circle."""
        seen: set[int] = set()
        while node.kind == "object" and id(node) not in seen:
            seen.add(id(node))
            reference = node.member("$ref")
            target = self._target(reference) if reference is not None and reference.kind == "string" else None
            if target is None:
                return node
            node = target
        return node

    def _target(self, reference: Node) -> Node | None:
        path = str(reference.value())
        if not path.startswith("#/"):
            return None
        node: Node | None = self.root
        for step in path[2:].split("/"):
            node = node.member(step.replace("~1", "/").replace("~0", "~")) if node is not None else None
        return node

    def string(self, node: Node, *path: str) -> str:
        """The string or number at a path of keys, or nothing."""
        found: Node | None = node
        for key in path:
            found = found.member(key) if found is not None else None
        return str(found.value()) if found is not None and not found.is_container else ""

    def elements(self, node: Node | None) -> list[Node]:
        """The elements of an array, references resolved."""
        return [self.resolve(item) for _, item in node.items] if node is not None and node.kind == "array" else []

    def inline(self, node: Node, place: str) -> None:
        """A scalar's text on the present line, or the scalars of a list with commas."""
        if node.is_container:
            for index, (_, item) in enumerate(node.items):
                if index:
                    self.writer.own(", ")
                if not item.is_container:
                    self.inline(item, f"{place}[{index}]")
            return
        self.writer.locator = place
        for piece in node.pieces():
            self.writer.inline(piece)

    def paragraph(self, node: Node | None, place: str) -> None:
        """A text with its own line ends."""
        if node is None or node.kind != "string" or not str(node.value()).strip():
            return
        self.writer.gap(2)
        self.writer.locator = place
        for piece in node.pieces():
            self.writer.verbatim(piece)
        self.writer.gap(2)

    def named_line(self, name: str, node: Node | None, place: str) -> None:
        """ "Name: value" on a line of its own."""
        if node is None or node.kind == "object" or not (node.items or node.raw):
            return
        self.writer.gap(1)
        self.writer.own(f"{name}: ")
        self.inline(node, place)
        self.writer.gap(1)

    def statement(self, words: str, node: Node, place: str) -> None:
        """What a flag says, in words; the origin is the flag."""
        self.writer.gap(2)
        self.writer.locator = place
        self.writer.verbatim((words, node.key_span[0], node.end))
        self.writer.gap(2)

    def security_scheme(self, name: str, scheme: Node, place: str) -> None:
        """One line a scheme: its name, type, where it goes, and the addresses of its flows."""
        self._bullet(name, ("type", "scheme", "in", "name", "flow"), scheme, place, named=scheme.key_span)
        for key in ("authorizationUrl", "tokenUrl", "openIdConnectUrl", "refreshUrl"):
            self.named_line(f"  {key}", scheme.member(key), f"{place}.{key}")
        flows = scheme.member("flows")
        for flow, settings in flows.items if flows is not None else []:
            for key in ("authorizationUrl", "tokenUrl", "refreshUrl"):
                self.named_line(f"  {flow} {key}", settings.member(key), f"{place}.flows.{flow}.{key}")
            self._scopes(settings.member("scopes"), f"{place}.flows.{flow}.scopes")
        self._scopes(scheme.member("scopes"), f"{place}.scopes")

    def _scopes(self, scopes: Node | None, place: str) -> None:
        for name, words in scopes.items if scopes is not None and scopes.kind == "object" else []:
            self.named_line(f"  scope {name}", words, f"{place}.{name}")

    def parameters(self, node: Node | None, place: str, title: str) -> None:
        """One line a parameter: name, where it goes, type, whether it is required, what it means."""
        listed = self.elements(node)
        if listed:
            self._title(title)
        for index, parameter in enumerate(listed):
            here = f"{place}[{index}]"
            schema = parameter.member("schema")
            name = parameter.member("name")
            span = (name.start, name.end) if name is not None else (parameter.start, parameter.end)
            words = self.string(parameter, "name") or "unnamed"
            self._bullet(words, ("in",), parameter, here, schema or parameter, named=span)
            if schema is not None and parameter.member("in") is not None and self.string(parameter, "in") == "body":
                self.properties(self.resolve(schema), f"{here}.schema", 1)

    def body(self, node: Node | None, place: str, title: str) -> None:
        """A request body: its media types and the fields of their schemas."""
        if node is None:
            return
        body = self.resolve(node)
        required = body.member("required")
        self._title(f"{title} (required)" if required is not None and required.value() is True else title)
        self.paragraph(body.member("description"), f"{place}.description")
        self._content(body.member("content"), f"{place}.content")

    def responses(self, node: Node | None, place: str) -> None:
        """One line a status: its meaning and the fields of what comes back."""
        if node is None or node.kind != "object" or not node.items:
            return
        self._title("Responses")
        for status, item in node.items:
            response = self.resolve(item)
            self._bullet(status, (), response, f"{place}.{status}", named=item.key_span)
            self._content(response.member("content"), f"{place}.{status}.content")
            schema = response.member("schema")
            if schema is not None:
                self.properties(self.resolve(schema), f"{place}.{status}.schema", 1)

    def requirements(self, node: Node | None, place: str) -> None:
        """Which security schemes, with which scopes, are asked for."""
        for index, requirement in enumerate(self.elements(node)):
            for name, scopes in requirement.items:
                self.writer.gap(1)
                self.writer.locator = f"{place}[{index}].{name}"
                self.writer.own("Security: ")
                self.standing_for(name, scopes.key_span)
                if scopes.items:
                    self.writer.own(" with scopes ")
                    self.inline(scopes, f"{place}[{index}].{name}")
                self.writer.gap(1)

    def properties(self, schema: Node, place: str, depth: int) -> None:
        """One line a property, one level deep; what is deeper stands under its schema's own heading."""
        indent = "  " * depth
        for number, (name, property, required) in enumerate(self._properties(schema, place, set())):
            if number >= MAX_LINES:
                self.writer.gap(1)
                self.writer.own(f"{indent}- (further fields were left out)")
                return
            node = property[0]
            self._bullet(name, (), node, property[1], node, named=node.key_span, indent=indent, is_required=required)

    def _properties(self, schema: Node, place: str, seen: set[int]) -> Iterator[tuple[str, tuple[Node, str], bool]]:
        schema = self.resolve(schema)
        if id(schema) in seen or schema.kind != "object":
            return
        seen.add(id(schema))
        items = schema.member("items")
        if self.string(schema, "type") == "array" and items is not None:
            yield from self._properties(items, f"{place}.items", seen)
        needed = {str(item.value()) for item in self.elements(schema.member("required")) if item.kind == "string"}
        own = schema.member("properties")
        for name, node in own.items if own is not None and own.kind == "object" else []:
            yield name, (node, f"{place}.properties.{name}"), name in needed
        for key in _COMPOSED:
            composed = schema.member(key)
            for index, (_, part) in enumerate(composed.items if composed is not None else []):
                yield from self._properties(part, f"{place}.{key}[{index}]", seen)

    def _content(self, content: Node | None, place: str) -> None:
        for media, item in content.items if content is not None and content.kind == "object" else []:
            schema = item.member("schema")
            self.writer.gap(1)
            self.writer.locator = f"{place}.{media}"
            self.writer.own("  ")
            self.standing_for(media, item.key_span)
            if schema is not None:
                self.writer.own(f": {self._type(schema)}")
                self.properties(schema, f"{place}.{media}.schema", 1)
            example = item.member("example")
            if example is not None:
                self._example(example, f"{place}.{media}.example")

    def _example(self, node: Node, place: str) -> None:
        raw = self.writer.builder.original(node.start, node.end)
        if not raw.strip():
            return
        if len(raw) > _MAX_EXAMPLE:
            self.writer.gap(1)
            self.writer.own(f"  (an example of {len(raw)} characters was left out)")
            return
        self.writer.locator = place
        with self.writer.block("code", language="json" if raw.lstrip()[:1] in "{[" else "yaml"):
            self.writer.verbatim((raw, node.start, node.end))

    def _bullet(
        self,
        name: str,
        facts: tuple[str, ...],
        node: Node,
        place: str,
        typed: Node | None = None,
        *,
        named: tuple[int, int],
        indent: str = "",
        is_required: bool = False,
    ) -> None:
        """ "- name (facts, type, required, deprecated): description" on one line; `named` is where the name stands."""
        self.writer.gap(1)
        self.writer.own(f"{indent}- ")
        self.writer.locator = place
        self.standing_for(name, named)
        words = [self.string(node, key) for key in facts]
        words.append(self._type(typed) if typed is not None else "")
        flags = {key: node.member(key) for key in ("required", "deprecated")}
        words += ["required"] if is_required else []
        words += [key for key, flag in flags.items() if flag is not None and flag.raw.strip('"').lower() == "true"]
        said = ", ".join(word for word in words if word)
        if said:
            self.writer.own(" (")
            self.standing_for(said, (node.start, node.end))
            self.writer.own(")")
        described = self.resolve(node)
        description = described.member("description")
        if description is None and typed is not None:
            description = self.resolve(typed).member("description")
        if description is not None and description.kind == "string" and str(description.value()).strip():
            self.writer.own(": ")
            self.inline(description, f"{place}.description")
        default = described.member("default")
        if default is not None and not default.is_container:
            self.writer.own(" Default: ")
            self.inline(default, f"{place}.default")
        self.writer.gap(1)

    def standing_for(self, words: str, span: tuple[int, int]) -> None:
        """Words of ours, or a name, that stand for a place in the source (quotation marks do not count)."""
        start, end = span
        if self.writer.builder.original(start + 1, end - 1) == words:
            start, end = start + 1, end - 1
        self.writer.verbatim((words, start, end))

    def _type(self, schema: Node) -> str:
        """A schema's type in a word: a name for a reference, "array of string", the values of an enumeration."""
        reference = self.string(schema, "$ref")
        if reference:
            return reference.rsplit("/", 1)[-1]
        kind = self.string(schema, "type") or ("object" if schema.member("properties") is not None else "")
        items = schema.member("items")
        if kind == "array" and items is not None:
            return f"array of {self.string(items, '$ref').rsplit('/', 1)[-1] or self.string(items, 'type') or 'values'}"
        values = [str(item.value()) for item in self.elements(schema.member("enum"))[:12] if not item.is_container]
        return f"{kind}, one of {' | '.join(values)}".lstrip(", ") if values else kind

    def _title(self, words: str) -> None:
        self.writer.gap(2)
        self.writer.own(f"{words}:")
        self.writer.gap(1)
