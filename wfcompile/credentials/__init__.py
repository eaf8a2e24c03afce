"""Credentials that are written into a workflow.

`formats.py` knows what well-known keys look like, `values.py` what is a value and what only
stands for one, `written.py` reports both,
`hiding.py` keeps them out of messages.
"""
