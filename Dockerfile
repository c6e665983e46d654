# One image for web, worker and migration; the command decides.
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/linktime
COPY requirements/base.txt requirements/base.txt
RUN /opt/linktime/bin/pip install --require-hashes -r requirements/base.txt
COPY pyproject.toml README.md LICENSE ./
COPY linktime linktime
RUN /opt/linktime/bin/pip install --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/linktime linktime
COPY --from=build /opt/linktime /opt/linktime
ENV PATH=/opt/linktime/bin:$PATH PYTHONUNBUFFERED=1 LINKTIME_DATA_DIR=/var/lib/linktime
USER linktime
WORKDIR /var/lib/linktime
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["linktime", "serve", "--host", "0.0.0.0"]
