"""Steps of the community's stories: who is sent, who may be among people."""
