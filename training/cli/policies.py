"""The policy a command works under: a platform's own file, or the package's of that name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from service.domain.errors import ConfigurationError, InvalidPolicy

if TYPE_CHECKING:
    from service.policy import Policy


def policy_file(path: Path) -> Policy:
    """The policy written in a file; InvalidPolicy where it holds none."""
    from service.policy import load_policy

    try:
        return load_policy(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidPolicy(f"{path} is not text in UTF-8; save it as such") from error


def policy_of(platform: str, path: Path | None) -> Policy:
    """The policy of ``platform``; ConfigurationError where the file is another platform's."""
    from service.policy import load_platform_policy

    if path is None:
        return load_platform_policy(platform)
    policy = policy_file(path)
    if policy.platform != platform:
        raise ConfigurationError(f"{path} is the policy of {policy.platform}, but the records are of {platform}")
    return policy
