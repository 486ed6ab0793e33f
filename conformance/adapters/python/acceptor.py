"""A correct acceptor behind paxos-drive: Python 3, standard library only. Try: paxcheck drive -- python3 acceptor.py"""
import json, os, sys

def save():  # before the answer; where power can fail, fsync as well
    with open(path + ".new", "w") as file:
        json.dump([promised, vote], file)
    os.replace(path + ".new", path)

for line in sys.stdin:
    command = json.loads(line)
    name, answer = command["command"], {"id": command["id"]}
    if name == "hello":
        answer |= {"version": 1, "implementation": {"name": "acceptor.py", "language": "Python"}, "roles": ["acceptor"], "caps": {"restart": True, "crash": True}}
    elif name == "init":  # a folder used before: this is a restart
        path = os.path.join(command["dir"], "acceptor.json")
        promised, vote = json.load(open(path)) if os.path.exists(path) else (0, None)
        answer["ok"] = True
    elif name == "deliver":
        kind, ballot = command["message"]["kind"], command["message"]["ballot"]
        if kind == "prepare" and ballot > promised:
            answer["out"] = [{"kind": "promise", "ballot": ballot, "votes": [vote] if vote else []}]
            promised = ballot
        elif kind == "accept" and ballot >= promised:
            promised, vote = ballot, {"ballot": ballot, "value": command["message"]["value"]}
            answer["out"] = [{"kind": "accepted", **vote}]
        else:
            answer["out"] = [{"kind": "nack", "ballot": ballot, "of": kind, "promised": promised}]
        save()
    elif name in ("crash", "stop"):  # crash: all that is not in the file is forgotten at the next init
        answer["ok"] = True
    else:
        answer["unsupported"] = True
    print(json.dumps(answer), flush=True)
