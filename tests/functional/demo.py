"""Who the tests are in the demo city: the head of its information section, who may do what the screens offer."""
DEMO_LOGIN = "k.tachibana"
DEMO_PASSWORD = "toudai-no-akari-58"
