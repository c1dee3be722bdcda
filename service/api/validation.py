"""Request data to request models; what does not fit becomes a list of paths and of what to do about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from service.domain.errors import InvalidRequest, PrereviewError

M = TypeVar("M", bound=BaseModel)

MAX_ERRORS = 50
# A key that should not be there may be as long as the body.
_MAX_STEP = 80
_MESSAGES = {
    "missing": "is required",
    "extra_forbidden": "is not a known field; check its spelling or leave it out",
    "int_type": "must be a whole number (amounts: integer minor units)",
    "int_from_float": "must be a whole number (amounts: integer minor units)",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "uuid_type": "must be a UUID",
    "uuid_parsing": "must be a UUID",
    "enum": "must be one of {expected}",
    "literal_error": "must be {expected}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": "must not be empty",
    "string_too_long": "must be at most {max_length} characters",
    "string_pattern_mismatch": "must match {pattern}",
    "too_long": "may have {max_length} entries at most, not {actual_length}",
    "too_short": "needs {min_length} entry at least",
    "value_error": "{error}",
}


def validate(model: type[M], data: Any, error: type[PrereviewError] = InvalidRequest) -> M:
    """``data`` as ``model``; raises ``error`` with ``errors``: at most 50 of {"path", "message"}."""
    try:
        return model.model_validate(data)
    except ValidationError as wrong:
        raise refusal(wrong.errors(include_url=False, include_input=False), error) from None


def refusal(found: Sequence[Mapping[str, Any]], error: type[PrereviewError] = InvalidRequest) -> PrereviewError:
    """The error to raise for what pydantic found. Never repeats a value: it may be personal data."""
    errors = [{"path": path(item["loc"]), "message": message(item)} for item in found]
    first = f"{errors[0]['path'] or 'The body'} {errors[0]['message']}"
    more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    return error(
        f"{first}{more}. Correct what `errors` lists and send it again.",
        extra={"errors": errors[:MAX_ERRORS], "error_count": len(errors)},
    )


def path(location: Sequence[str | int]) -> str:
    """``("order", "items", 2, "id")`` as ``order.items[2].id``."""
    text = ""
    for step in location:
        name = str(step)[:_MAX_STEP]
        text += f"[{step}]" if isinstance(step, int) else f".{name}" if text else name
    return text


def message(item: Mapping[str, Any]) -> str:
    template = _MESSAGES.get(item["type"])
    if template is None:
        return str(item["msg"])
    return template.format_map({**item.get("ctx", {})})
