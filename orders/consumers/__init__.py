from orders.consumers.board import board_socket

__all__ = ["board_socket"]
