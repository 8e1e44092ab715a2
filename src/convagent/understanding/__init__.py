"""Understanding: a customer's words → requests, slots, signals. The only place that interprets them."""
