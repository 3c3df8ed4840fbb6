"""AWS's SDK for Python by lines of JSON: `[service, operation, arguments]` in, the answer out.

So that tests in Rust can deploy into an emulator without a crate for each service. `["code", bucket,
key, program]` puts a program there as a function's archive, `["http", url, {"headers", "body"}]` posts.
An error is `{"error": code, "message"}`.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile

import boto3
from botocore.exceptions import ClientError

CLIENTS = {}


def client(service):
    if service not in CLIENTS:
        CLIENTS[service] = boto3.client(
            service,
            endpoint_url=sys.argv[1],
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key=sys.argv[2],
        )
    return CLIENTS[service]


def archive(program):
    """Without debug information, which is most of a development build."""
    with tempfile.TemporaryDirectory() as folder:
        stripped = os.path.join(folder, "bootstrap")
        subprocess.run(["strip", "-o", stripped, program], check=True)
        with open(stripped, "rb") as file:
            content = file.read()
    info = zipfile.ZipInfo("bootstrap")
    info.external_attr = 0o755 << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compresslevel=1) as file:
        file.writestr(info, content, compresslevel=1)
    return data.getvalue()


def post(url, arguments):
    request = urllib.request.Request(url, arguments["body"].encode(), arguments["headers"], method="POST")
    try:
        with urllib.request.urlopen(request) as response:
            return {"status": response.status, "body": response.read().decode()}
    except urllib.error.HTTPError as error:
        return {"status": error.code, "body": error.read().decode()}


def answer(service, operation, arguments):
    if service == "http":
        return post(operation, arguments)
    if service == "code":
        bucket, key, program = operation, *arguments
        return client("s3").put_object(Bucket=bucket, Key=key, Body=archive(program))
    try:
        result = getattr(client(service), operation)(**arguments)
        # What a function answered is a stream.
        if "Payload" in result:
            result["Payload"] = result["Payload"].read().decode()
        return result
    except ClientError as error:
        said = error.response["Error"]
        return {"error": said["Code"], "message": said["Message"]}


for line in sys.stdin:
    print(json.dumps(answer(*json.loads(line)), default=str), flush=True)
