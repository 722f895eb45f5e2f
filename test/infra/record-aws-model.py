"""Records what the AWS CLI knows of the commands that this repository uses, in aws-model.json.

python3 record-aws-model.py "rds describe-events" … adds commands; without any it records those that are there again.
Needs awscli 1 (pip install awscli).
"""

import json
import pathlib
import sys

import botocore
from awscli.clidriver import create_clidriver

LIMITS = ("enum", "min", "max")
# Longer lists are types of instances, which grow every month.
MAX_NAMES = 100
# The CLI's own, which nothing here uses.
UNUSED = ("cli-input-json", "generate-cli-skeleton", "starting-token", "page-size", "max-items")


def main() -> None:
    recorded = pathlib.Path(__file__).with_name("aws-model.json")
    commands = {*json.loads(recorded.read_text())["commands"], *sys.argv[1:]}
    services = create_clidriver().create_help_command().command_table
    shapes: dict = {}
    model = {"botocore": botocore.__version__, "commands": {}, "shapes": shapes}
    for command in sorted(commands):
        service, operation = command.split()
        table = services[service].create_help_command().command_table
        found = table[operation]
        if not hasattr(found, "_operation_model"):
            options = {argument["name"]: {} for argument in getattr(found, "ARG_TABLE", [])}
            model["commands"][command] = {"options": {f"--{name}": option for name, option in options.items()}}
            continue
        options = {}
        output = found._operation_model.output_shape
        for name, argument in found.arg_table.items():
            if name in UNUSED:
                continue
            shape = getattr(argument, "argument_model", None)
            option = {"required": True} if argument.required else {}
            if shape is not None:
                option["shape"] = record(service, shape, shapes)
            options[f"--{name}"] = option
        entry = {"options": options}
        if output is not None:
            entry["output"] = record(service, output, shapes)
        model["commands"][command] = entry
    recorded.write_text(json.dumps(model, separators=(",", ":"), sort_keys=True) + "\n")


def record(service: str, shape, shapes: dict) -> str:
    name = f"{service}.{shape.name}"
    if name in shapes:
        return name
    shapes[name] = {}
    said = {"type": shape.type_name}
    for limit in LIMITS:
        if limit in shape.metadata and (limit != "enum" or len(shape.enum) <= MAX_NAMES):
            said[limit] = shape.metadata[limit]
    if shape.type_name == "structure":
        said["members"] = {key: record(service, member, shapes) for key, member in shape.members.items()}
        if shape.required_members:
            said["required"] = sorted(shape.required_members)
    elif shape.type_name == "list":
        said["member"] = record(service, shape.member, shapes)
    elif shape.type_name == "map":
        said["key"] = record(service, shape.key, shapes)
        said["value"] = record(service, shape.value, shapes)
    shapes[name] = said
    return name


main()
