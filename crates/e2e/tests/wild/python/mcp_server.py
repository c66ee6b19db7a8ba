"""An MCP server over streamable HTTP with the Python SDK: its answers are event streams that end. Argument:
the port."""
import sys

import uvicorn
from mcp.server import MCPServer

server = MCPServer("wild", log_level="WARNING")


@server.tool()
def hello(name: str) -> str:
    """Says hello."""
    return f"hello {name}"


uvicorn.run(server.streamable_http_app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
