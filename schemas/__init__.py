"""Messages on the wire: what is on each Kafka topic, how it is read and written."""
