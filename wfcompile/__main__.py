"""`python -m wfcompile` is `wfc`."""

from wfcompile.cli import main

if __name__ == "__main__":
    main()
