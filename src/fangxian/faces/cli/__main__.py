"""`python -m fangxian.faces.cli`: the same command without the installed script."""

from fangxian.faces.cli.main import app

if __name__ == "__main__":
    app()
