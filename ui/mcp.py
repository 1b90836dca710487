"""The MCP server that Gradio makes, set right: three tools and no more, and results as JSON, one part an output."""

import json
from typing import Any

from ui.api import TOOLS


def arrange(page: Any) -> None:
    """Sets a launched page's MCP server right. Raises OSError with the reason when Gradio could not start it."""
    server = page.mcp_server_obj
    if server is None:
        raise OSError(f"the MCP server did not start: {page.mcp_error}")
    # the chat is for people: it keeps a conversation, which MCP has none of
    server.tool_to_endpoint = {
        tool: endpoint for tool, endpoint in server.tool_to_endpoint.items() if endpoint.strip("/") in TOOLS
    }
    as_gradio = server.postprocess_output_data

    def as_json(data: Any, root_url: str) -> list[Any]:
        """Gradio would print Python's own spelling of a dictionary, and several outputs as one."""
        parts: list[Any] = []
        for value in _outputs(data):
            if isinstance(value, dict) and "path" not in value:
                parts.append(server.types.TextContent(type="text", text=json.dumps(value, ensure_ascii=False)))
            else:
                parts += as_gradio([value], root_url)
        return parts

    server.postprocess_output_data = as_json


def _outputs(data: Any) -> list[Any]:
    """An endpoint's outputs: Gradio hands several over as one tuple in a list."""
    values = list(data)
    return list(values[0]) if len(values) == 1 and isinstance(values[0], list | tuple) else values
