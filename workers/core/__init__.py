"""The rules: values in, values out; no Kafka, no clock, no log."""
