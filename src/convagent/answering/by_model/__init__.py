"""Answers and free texts that a chat model words: prompt, sentences of the stream, what of them may be sent."""
