"""What the shopping assistant brought about: recommendations, clicks, purchases, discounts, and the honest uplift."""
