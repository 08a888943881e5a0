"""The command line, with what it opens, starts, loads and connects to written down: `python spy.py EVENTS WORDS...`.

An audit hook (PEP 578) sees every such event of the interpreter, whoever causes it, and cannot be taken away again.
"""

import json
import os
import sys

EVENTS = []
MARK = "zugzwang"  # stands in every text of the workspace, and in nothing that is compiled
KINDS = ("open", "import", "exec", "compile", "subprocess.", "socket.", "urllib.", "http.", "ftplib.", "smtplib.",
         "ctypes.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "webbrowser.", "pty.", "pickle.",
         "os.mkdir", "os.rmdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.chmod", "os.chown",
         "os.truncate", "os.listdir", "os.scandir")  # fmt: skip


def _told(event, given):
    if event == "exec":
        return [given[0].co_filename, MARK in str(given[0].co_consts)]
    if event == "compile":
        return [os.fsdecode(given[1] or b""), MARK in str(given[0])]
    if event == "import":
        return [given[0], given[1] or ""]
    if event == "subprocess.Popen":
        return [given[0], list(given[1]), given[2], dict(given[3] or os.environ)]
    return [os.fsdecode(each) if isinstance(each, bytes) else each for each in given]


def _hook(event, given):
    if not event.startswith(KINDS) or EVENTS is None:
        return
    caller = sys._getframe().f_back
    within = caller.f_code.co_name if caller else ""
    if not within.startswith(("rmtree", "_rmtree")):  # which names what lies in an open folder without the folder
        EVENTS.append([event, _told(event, given)])


sys.addaudithook(_hook)
target, sys.argv[1:] = sys.argv[1], sys.argv[2:]
code = 3
try:
    from policy_preview.__main__ import run

    code = run()
finally:
    seen, EVENTS = EVENTS, None
    with open(target, "w") as file:  # noqa: PTH123  # nothing else is to be imported here
        json.dump(seen, file, default=str)
sys.exit(code)
