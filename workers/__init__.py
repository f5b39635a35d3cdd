"""The caption worker: live segments in, captions and topics out, exactly once."""
