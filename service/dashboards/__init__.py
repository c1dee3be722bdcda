"""Ready-made views of the metrics: a dashboard for Grafana and alert rules for Prometheus."""
