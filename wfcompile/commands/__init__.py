"""What each command of `wfc` does: options in, text on the two streams and an exit code out.

Every module here is loaded when its command is called, so that one command does not pay for what
another one needs.
"""
