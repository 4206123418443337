"""What Kupuri knows without disk, network, window or model: values and their rules."""
