"""The data that models are trained and scored on: public sets, and files of one's own."""
