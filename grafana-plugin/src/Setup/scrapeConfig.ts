/** The job's name is the one that the alert rules on `up` expect. */
export const scrapeConfig = `scrape_configs:
  - job_name: iosetu-license-exporter
    scrape_interval: 30s
    authorization:
      credentials_file: /etc/prometheus/license-exporter.key
    static_configs:
      - targets: ['license-exporter:8080']
`
