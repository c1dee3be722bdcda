# syntax=docker/dockerfile:1
# Two stages: the first installs the locked wheels, the second has no build tools, no pip cache and no root.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements/service.lock requirements/service.lock
RUN /opt/venv/bin/pip install --no-deps --require-hashes -r requirements/service.lock
COPY pyproject.toml README.md ./
COPY service service
# Editable, so that the code stays beside models/, which is data and no package.
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation -e .

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="prereview"
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PREREVIEW_HOME=/data PREREVIEW_HOST=0.0.0.0 PREREVIEW_LOG_FORMAT=json
RUN useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin prereview
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
COPY models /app/models
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
ENTRYPOINT ["prereview"]
CMD ["serve"]
