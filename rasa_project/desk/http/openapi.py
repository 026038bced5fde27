"""The description of the API for programs, OpenAPI 3.1, made from the declarations of the routes.

pydantic 1 describes its models as JSON Schema but leaves out that a field may be null; that is
put in here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from pydantic import BaseModel
from pydantic.schema import (
    get_flat_models_from_models,
    get_model_name_map,
    model_process_schema,
)

from rasa_project.desk.http.door import ANYONE, COOKIE, SIGNED_IN
from rasa_project.desk.http.routing import LARGEST, Body, Route

_PARAMETER: Final = re.compile(r"<(?P<name>\w+)(?::(?P<kind>\w+))?>")
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "int": {"type": "integer", "minimum": 0, "maximum": LARGEST},
    # An empty one, or one with a slash, is another address.
    "str": {"type": "string", "minLength": 1, "pattern": "^[^/\\x00-\\x1f\\x7f]+$"},
}
_PREFIX: Final = "#/components/schemas/"
_JSON: Final = "application/json"
_BY_SESSION: Final[dict[str, list[str]]] = {"session": [], "page": []}


class Refusal(Body):
    """Why a request was not carried out; a `code` may bring further fields."""

    error: str
    code: str


def describe(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the description of some routes, ready for JSON."""
    routes = list(routes)
    models: set[type[BaseModel]] = {model for route in routes for model in _models(route)} | {
        Refusal
    }
    flat = get_flat_models_from_models(sorted(models, key=_full_name))
    names: dict[Any, str] = get_model_name_map(flat)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = "/api" + _PARAMETER.sub(r"{\g<name>}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Attune desk",
            "version": "1",
            "description": "Programs send `Authorization: Bearer TOKEN`; times are seconds since "
            "1970 in UTC. Every refusal has an `error` for people and a `code` for programs.",
        },
        "paths": paths,
        "components": {
            "schemas": {names[model]: _schema(model, names) for model in flat},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "page": {"type": "apiKey", "in": "header", "name": "X-Attune-Desk"},
            },
        },
    }


def _models(route: Route) -> list[type[Body]]:
    return [model for model in (route.body, route.query, route.answer) if model is not None]


def _operation(route: Route, names: dict[Any, str]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": _who(route.access),
        "parameters": [*_path_parameters(route), *_query_parameters(route, names)],
        "responses": {
            "200": {
                "description": "Done.",
                "content": {route.media: {"schema": _answer(route, names)}},
            },
            "default": {
                "description": "Refused.",
                "content": {_JSON: {"schema": {"$ref": _PREFIX + names[Refusal]}}},
            },
        },
        "security": _security(route),
    }
    if route.redirects:
        operation["responses"]["302"] = {"description": "Elsewhere."}
    if route.body is not None:
        schema = {"$ref": _PREFIX + names[route.body]}
        operation["requestBody"] = {"required": True, "content": {_JSON: {"schema": schema}}}
    if route.stream:
        content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _who(access: str) -> str:
    if access == ANYONE:
        return "For anyone."
    return "For everybody who is signed in." if access == SIGNED_IN else f"Role: {access}."


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.access == ANYONE:
        return [{"page": []}] if route.method != "GET" else []
    return [{"token": []}, _BY_SESSION] if route.tokens else [_BY_SESSION]


def _answer(route: Route, names: dict[Any, str]) -> dict[str, Any]:
    if route.media != _JSON:
        return {"type": "string"}
    return {"type": "object"} if route.answer is None else {"$ref": _PREFIX + names[route.answer]}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": _KINDS.get(found["kind"] or "str", _KINDS["str"]),
        }
        for found in _PARAMETER.finditer(route.path)
    ]


def _query_parameters(route: Route, names: dict[Any, str]) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = model_process_schema(route.query, model_name_map=names, ref_prefix=_PREFIX)[0]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": kind,
        }
        for name, kind in schema["properties"].items()
    ]


def _schema(model: Any, names: dict[Any, str]) -> dict[str, Any]:
    schema: dict[str, Any] = model_process_schema(model, model_name_map=names, ref_prefix=_PREFIX)[
        0
    ]
    if issubclass(model, BaseModel):
        for field in model.__fields__.values():
            if field.allow_none and field.alias in schema.get("properties", {}):
                kind = schema["properties"][field.alias]
                schema["properties"][field.alias] = {"anyOf": [kind, {"type": "null"}]}
    return schema


def _full_name(model: type[BaseModel]) -> str:
    return f"{model.__module__}.{model.__qualname__}"
