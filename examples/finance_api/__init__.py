"""A small HTTP service that the example workflow reads: currency pairs behind a bearer token.

Standard library only, deterministic, bound to the loopback device. Start it with
`python -m examples.finance_api --port 0`; the first line it prints is its address.
"""
