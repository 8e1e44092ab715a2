"""`python -m convagent` is the `convagent` command."""

from convagent.cli import main

if __name__ == "__main__":
    main()
