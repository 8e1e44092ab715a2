"""What can be found in guidance: codes, explanations, how a finding is shown."""
