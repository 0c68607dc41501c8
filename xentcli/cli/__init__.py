"""Floor 9: the commands: parse, call one public function, hand the result to a view, exit."""
