"""OpenAPI and Swagger descriptions as reading matter: one section an operation, one a schema, nothing about rendering.

Follows OpenAPI 2.0 to 3.1. References are resolved inside the file only, one level deep, so circular ones end; a
reference to elsewhere is shown as it is written. Locators are paths into the file:
"$.paths./users.get.parameters[0]".
"""

from __future__ import annotations

from typing import Any

from assay.ingest.decoding import Decoded
from assay.ingest.readers.common import file_title, make_document
from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.json_scan import Node
from assay.ingest.readers.openapi_parts import METHODS, Parts
from assay.types import Document, SourceFile


def is_openapi(root: Node) -> bool:
    """Whether the top of a JSON or YAML tree says that it describes an API."""
    return root.kind == "object" and any(key in ("openapi", "swagger") for key, _ in root.items)


def openapi_document(source: SourceFile, root: Node, found: Decoded) -> Document:
    """The description as one document; its metadata tells version, operations and which of them are deprecated."""
    writer = FlowWriter(found.text)
    description = _Description(writer, root)
    description.write()
    text, origin, blocks = writer.finish()
    return make_document(
        source,
        text,
        title=description.parts.string(root, "info", "title") or file_title(source.path),
        format="openapi",
        metadata=description.metadata(),
        blocks=blocks,
        origin=origin,
        warnings=found.warnings,
    )


class _Description:
    def __init__(self, writer: FlowWriter, root: Node) -> None:
        self.writer = writer
        self.root = root
        self.parts = Parts(writer, root)
        self.operations: list[str] = []
        self.deprecated: list[str] = []

    def write(self) -> None:
        """Head, security, operations, schemas, in this order."""
        self._head()
        self._security()
        paths = self.root.member("paths")
        for path, item in paths.items if paths is not None else []:
            resolved = self.parts.resolve(item)
            for method, operation in resolved.items:
                if method in METHODS and operation.kind == "object":
                    self._operation(path, item, resolved, method, operation)
        self._schemas()

    def metadata(self) -> dict[str, Any]:
        """What can be filtered on."""
        string = self.parts.string
        found = {
            "version": string(self.root, "info", "version"),
            "openapi": string(self.root, "openapi") or string(self.root, "swagger"),
            "operations": self.operations,
            "deprecated_operations": self.deprecated,
        }
        return {key: value for key, value in found.items() if value}

    def _head(self) -> None:
        info = self.root.member("info")
        title = info.member("title") if info is not None else None
        if info is None:
            return
        if title is not None and title.kind == "string":
            with self.writer.block("heading", level=1, label=str(title.value())):
                self.parts.inline(title, "$.info.title")
        self.parts.named_line("Version", info.member("version"), "$.info.version")
        self.parts.paragraph(info.member("summary"), "$.info.summary")
        self.parts.paragraph(info.member("description"), "$.info.description")
        for index, server in enumerate(self.parts.elements(self.root.member("servers"))):
            self.parts.named_line("Server", server.member("url"), f"$.servers[{index}].url")
        self.parts.named_line("Server", self.root.member("host"), "$.host")
        self.parts.named_line("Base path", self.root.member("basePath"), "$.basePath")

    def _security(self) -> None:
        place = "$.components.securitySchemes"
        components = self.root.member("components")
        schemes = components.member("securitySchemes") if components is not None else None
        if schemes is None:
            schemes, place = self.root.member("securityDefinitions"), "$.securityDefinitions"
        if schemes is None or not schemes.items:
            return
        with self.writer.block("heading", level=2, label="Security"):
            self.writer.own("Security")
        for name, scheme in schemes.items:
            self.parts.security_scheme(name, self.parts.resolve(scheme), f"{place}.{name}")

    def _operation(self, path: str, item: Node, resolved: Node, method: str, operation: Node) -> None:
        place = f"$.paths.{path}.{method}"
        name = f"{method.upper()} {path}"
        self.operations.append(name)
        with self.writer.block("heading", level=2, label=name):
            self.writer.locator = place
            self.writer.verbatim((method.upper(), *operation.key_span))
            self.writer.own(" ")
            self.parts.standing_for(path, item.key_span)
        self.parts.paragraph(operation.member("summary"), f"{place}.summary")
        deprecated = operation.member("deprecated")
        if deprecated is not None and deprecated.value() is True:
            self.deprecated.append(name)
            self.parts.statement(
                "Deprecated: this operation is marked as deprecated.", deprecated, f"{place}.deprecated"
            )
        self.parts.paragraph(operation.member("description"), f"{place}.description")
        self.parts.named_line("Operation id", operation.member("operationId"), f"{place}.operationId")
        self.parts.named_line("Tags", operation.member("tags"), f"{place}.tags")
        self.parts.parameters(resolved.member("parameters"), f"$.paths.{path}.parameters", "Path parameters")
        self.parts.parameters(operation.member("parameters"), f"{place}.parameters", "Parameters")
        self.parts.body(operation.member("requestBody"), f"{place}.requestBody", "Request body")
        self.parts.responses(operation.member("responses"), f"{place}.responses")
        own = operation.member("security")
        self.parts.requirements(own or self.root.member("security"), f"{place}.security" if own else "$.security")

    def _schemas(self) -> None:
        place = "$.components.schemas"
        components = self.root.member("components")
        schemas = components.member("schemas") if components is not None else None
        if schemas is None:
            schemas, place = self.root.member("definitions"), "$.definitions"
        for name, schema in schemas.items if schemas is not None else []:
            with self.writer.block("heading", level=2, label=f"Schema {name}"):
                self.writer.locator = f"{place}.{name}"
                self.writer.own("Schema ")
                self.parts.standing_for(name, schema.key_span)
            self.parts.paragraph(schema.member("description"), f"{place}.{name}.description")
            self.writer.gap(2)
            self.parts.properties(schema, f"{place}.{name}", 0)
            self.writer.gap(2)
