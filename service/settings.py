"""Settings of a deployment, from PREREVIEW_* environment variables. Read by cli and wiring alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import limits
from pydantic import AfterValidator, AwareDatetime, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

import service


def _are_limits(classes: dict[str, str]) -> dict[str, str]:
    for name, text in classes.items():
        try:
            limits.parse_many(text) if text.strip() else ()
        except ValueError:
            raise ValueError(f"{name}: write limits as 100/second; 3000/minute, or nothing for none") from None
    return classes


def _is_web_address(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("write the address of MLflow's pages, e.g. http://127.0.0.1:5000")
    return url


_ROOT = Path(service.__file__).resolve().parents[1]


class Settings(BaseSettings):
    """Everything has a default that works on one machine without any other software."""

    model_config = SettingsConfigDict(env_prefix="PREREVIEW_", extra="ignore", frozen=True)

    home: Path = Field(Path(".prereview"), description="Folder of the embedded database, evidence and secrets.")
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL to use, e.g. postgresql://user:password@host/prereview; unset: the embedded one."
    )
    evidence_url: str | None = Field(None, description="Where files are kept (fsspec URL); unset: a folder in home.")
    models: Path = Field(_ROOT / "models", description="Folder with the risk bundles (risk/).")
    reader_engine: Literal["onnx", "paddleocr"] = "onnx"
    reader_workers: int = Field(2, ge=1, le=64, description="OCR processes, one thread each.")
    reader_deadline_seconds: float = Field(8.0, gt=0, le=120, description="For one image, from its start.")
    answer_deadline_seconds: float = Field(
        15.0, gt=0, le=300, description="After this the answer is 202 and the job finishes the case."
    )
    assessing_at_once: int = Field(
        32, ge=1, description="Claims one process assesses in their requests; beyond, the answer is 202 and a job's."
    )
    pool_size: int = Field(8, ge=1, le=100, description="Database connections of one process.")
    rate_limits: Annotated[dict[str, str], AfterValidator(_are_limits)] = Field(
        {"standard": "100/second; 3000/minute", "large": "500/second; 20000/minute", "unlimited": ""},
        description="Requests a key of each class may send, over all processes together. JSON.",
    )
    processes: int = Field(
        1, ge=1, le=1024, description="Processes that serve the API: each holds a key to that part of its limits."
    )
    requests_at_once: int = Field(
        256, ge=2, description="Requests one process answers at once; beyond, 503 at once. A key gets half of them."
    )
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    public_url: str = Field(
        "", description="Address under which /public is reached, e.g. https://refunds.example.com, for buyers' links."
    )
    link_secret: SecretStr | None = Field(
        None,
        description="Buyers' links are made from it; unset: made once and kept in home. The same on every process; "
        "with a new one every link given out before is dead.",
    )
    audit_secret: SecretStr | None = Field(
        None, description="Key of the audit draw; unset: made once and kept in home. The same on every process."
    )
    trail_secret: SecretStr | None = Field(
        None,
        description="Audit entries are sealed under it, so that one written past the service is found; several are "
        "parted by blanks, the first seals. Unset: made once and kept in home. The same on every process.",
    )
    identity_secret: SecretStr | None = Field(
        None,
        description="Each platform's key of identity digests is made from it; unset: made once and kept in home. "
        "The same on every process.",
    )
    answers_secret: SecretStr | None = Field(
        None,
        description="Answers kept for requests sent again are sealed with it; unset: made once and kept in home. "
        "The same on every process.",
    )
    checkpoint_secret: SecretStr | None = Field(
        None,
        description="The key that signs checkpoints of the audit trail is made from it; unset: made once and kept in "
        "home. The same on every process.",
    )
    checkpoints_url: str | None = Field(
        None,
        description="Where checkpoints are kept outside the database (folder or fsspec URL), best out of reach of "
        "whoever administers it; unset: a folder in home.",
    )
    checkpoint_entries: int = Field(1_000, ge=1, description="A checkpoint after so many audit entries,")
    checkpoint_minutes: float = Field(5.0, gt=0, description="or after so many minutes with at least one.")
    unchained_seconds: float = Field(
        60.0, gt=0, description="Readiness shows amber when an audit entry stays unchained for longer."
    )
    personal_data_keys: SecretStr | None = Field(
        None,
        description="Secrets evidence is encrypted under, newest first, separated by commas; unset: made and kept in "
        "home. The same on every process.",
    )
    retention_days: dict[str, int] = Field(
        {"identity": 30, "chat": 180, "default": 365},
        description="Days evidence is kept after its last case ended, by kind of page or platform:kind; 0: for good.",
    )
    webhook_secret: SecretStr | None = Field(
        None,
        description="Webhook secrets are encrypted under it; unset: made once and kept in home. The same on every "
        "process.",
    )
    webhook_allow_private: bool = Field(
        False, description="Development and tests only: webhooks to private addresses, any port, plain http."
    )
    undo_seconds: float = Field(
        10.0, ge=0, le=600, description="How long a decision made in the console can be taken back before it counts."
    )
    clock_start: AwareDatetime | None = Field(
        None, description="Demo only: the service's clock starts here instead of at the present."
    )
    mlflow_url: Annotated[str, AfterValidator(_is_web_address)] = Field(
        "", description="Where training runs are looked at, e.g. http://127.0.0.1:5000; the console links there."
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="Port on which a worker serves its metrics; unset: it serves none."
    )
    metrics_host: str = Field("127.0.0.1", description="Address of that port.")
    otlp_endpoint: str | None = Field(
        None,
        description="OTLP/HTTP collector traces are sent to, e.g. http://127.0.0.1:4318; unset: nothing is traced. Its "
        "credentials are read from OTEL_EXPORTER_OTLP_HEADERS.",
    )
    trace_share: float = Field(1.0, ge=0, le=1, description="Share of traces that is kept.")
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
