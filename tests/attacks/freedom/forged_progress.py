"""Answers in the place of the worker that a cell has failed in a million ways and goes on for ever."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

FUNCTION = ""
CELL = """
import fcntl, json, os, stat, struct, sys
def frame(message):
    header = json.dumps({"message": message, "value": ["none"]}).encode()
    return struct.pack("<II", len(header), 0) + header
def own_id():
    here = sys._getframe()
    while here.f_code.co_name != "answer":
        here = here.f_back
    return here.f_locals["message"]["id"]
def is_reply_pipe(fd):
    try:
        return stat.S_ISFIFO(os.fstat(fd).st_mode) and fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
    except OSError:
        return False
replies = next(fd for fd in range(3, 64) if is_reply_pipe(fd))
lo_ot = "lo" + "ot: "
def forge(**fields):
    os.write(replies, frame({"id": own_id(), "status": "done", **fields}))
"""
FORGERIES = (
    "forge(next=10**30, failures=[])",
    "forge(next=-1, failures=[])",
    "forge(next=True, failures={})",
    "forge(next=1.5)",
    "forge(next=None, failures=[{'status': 'raised', 'type': lo_ot, 'builtin': 5, 'text': 'a' * 10**5, 'frames': 7}] * 3000)",
    "forge(next=None, failures=[[[[]]]] * 10**4)",
    "forge(next=2, failures=[None])",
    "forge(next='2', failures='x')",
)


def submit(submitted, targets):
    hand_in(submitted, with_code(*(f"{CELL}\n{forgery}\nx = 1" for forgery in FORGERIES), source=FUNCTION))
