"""What a user would write with FastAPI: rates as JSON in Redis, read for each request."""

import json
import os

import redis.asyncio as redis
from fastapi import FastAPI

app = FastAPI()
store = redis.Redis(host="127.0.0.1", port=int(os.environ["REDIS_PORT"]), decode_responses=True)


@app.on_event("startup")
async def fill():
    with open(os.environ["RATES"]) as file:
        rates = json.load(file)
    pair = {"base": "USD", "quote": "MXN"}
    await store.set("rate:USD:MXN", json.dumps({**pair, **rates[-1]}))
    await store.set("history:USD:MXN", json.dumps({**pair, "observations": rates}))


@app.get("/current")
async def current():
    return json.loads(await store.get("rate:USD:MXN"))


@app.get("/history")
async def history():
    return json.loads(await store.get("history:USD:MXN"))
