"""The letters of supervisory orders (监督文书): as official documents look, with a receipt slip."""
