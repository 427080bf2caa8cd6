"""What people see in a browser: pages made on the server, no JavaScript. Answers no carrier and changes no call."""
