/** Code hosting, tickets, notes, mail, calendars, messages, customers. The columns are explained in `table.ts`. */
export const WORK = `
gitlab | create_merge_request | Create a new merge request in a GitLab project | title source_branch target_branch | Write | Medium |
gitlab | merge_merge_request | Merge a merge request | merge_request_iid | Write | Medium |
gitlab | get_merge_request_diffs | Get the changes/diffs of a merge request | merge_request_iid | Read | Low |
gitlab | delete_issue | Delete an issue from a GitLab project | issue_iid | Destructive | Critical |
gitlab | retry_pipeline | Retry a failed or canceled pipeline | pipeline_id | Execute | High |
gitlab | promote_milestone | Promote a milestone to the next stage | milestone_id | Write/Execute | Medium |
gitlab | upload_markdown | Upload a file to a GitLab project for use in markdown content | file_path | Write | High | path egress
gitlab | play_pipeline_job | Run a manual pipeline job | job_id | Execute | High |
gitlab | add_project_member | Adds a user to the project with an access level | user_id access_level | Write | High | privilege
gitlab | protect_branch | Protect a branch from force pushes | branch | Write | Medium |
github | create_or_update_secret | Create or update a repository secret | secret_name encrypted_value | Write | High | secrets
github | add_collaborator | Add a collaborator to a repository | username permission | Write | High | privilege
github | transfer_repository | Transfer a repository to a new owner | new_owner | Write | Medium |
github | dismiss_alert | Dismiss a code scanning alert | alert_number reason | Write | Medium |
github | rerun_failed_jobs | Re-run only the failed jobs in a workflow run | run_id | Execute | High |
slack | slack_post_message | Post a new message to a Slack channel | channel_id text | Write | High | egress
slack | slack_get_channel_history | Get recent messages from a channel | channel_id limit | Read | Low | untrusted-input
slack | slack_add_reaction | Add a reaction emoji to a message | channel_id timestamp reaction | Write | Medium |
slack | conversations_search_messages | Search messages in a public channel, private channel, or direct message | search_query | Read | Low | untrusted-input
slack | channels_archive | Archives a channel | channel | Write | Medium |
slack | slack_kick_user | Remove a user from a channel | channel user | Destructive/Write | Medium |
gmail | send_email | Sends a new email | to[] subject body attachments[] | Write | High | egress
gmail | draft_email | Draft a new email | to[] subject body | Write | Medium |
gmail | read_email | Retrieves the content of a specific email | messageId | Read | Low | untrusted-input
gmail | search_emails | Searches for emails using Gmail search syntax | query maxResults | Read | Low | untrusted-input
gmail | modify_email | Modifies email labels (move to different folders) | messageId addLabelIds[] | Write | Medium |
gmail | delete_email | Permanently deletes an email | messageId | Destructive | Critical |
gmail | batch_delete_emails | Permanently deletes multiple emails in batches | messageIds[] batchSize | Destructive | Critical | bulk
gmail | download_attachment | Downloads an email attachment to a specified location | messageId attachmentId savePath | Write/Read | Medium | path
gmail | create_filter | Creates a new Gmail filter with custom criteria and actions | criteria action | Write | Medium |
gmail | mark_as_read | Mark a message as read | id | Write | Medium |
gmail | trash_message | Move a message to the trash | id | Destructive/Write | Medium |
gmail | create_forwarding_rule | Forward all incoming mail to another address | address | Write | High | egress
gcal | list-events | List events from one or more calendars. | calendarId timeMin timeMax | Read | Low |
gcal | create-event | Create a new calendar event. | summary start end attendees[] | Write | Medium |
gcal | delete-event | Delete a calendar event. | eventId | Destructive | Critical |
gcal | get-freebusy | Query free/busy information for calendars. | timeMin timeMax | Read | Low |
gcal | respond-to-event | Respond to a calendar event invitation with Accept, Decline, Maybe | eventId response | Write | Medium |
gcal | cancel_meeting | Cancel a meeting and notify the attendees | meeting_id | Execute/Destructive/Write | Medium |
gdrive | gdrive_search | Search for files in Google Drive | query | Read | Low |
gdrive | share_file | Share a file with a user or make it public | fileId email role | Write | High | egress
gdrive | copy_file | Copy a file | fileId | Write | Medium |
gdrive | empty_trash | Permanently deletes all of the user's trashed files. | | Destructive | Critical |
gdrive | export_document | Export a Google Doc as PDF | fileId mimeType | Read/Write | Low |
gsheets | update_cells | Update cells in a Google Spreadsheet | spreadsheet_id range data | Write | Medium |
gsheets | append_rows | Append rows to a sheet | rows[] | Write | Medium |
gsheets | clear_range | Clear the values of a range | range | Destructive | Critical |
gsheets | sheets_batch_update | Run a batch of updates on a spreadsheet | requests[] | Write/Execute | Medium | bulk
notion | API-post-page | Notion | Create a page | parent properties | Write | Medium |
notion | API-patch-block-children | Notion | Append block children | block_id children[] | Write | Medium |
notion | API-delete-a-block | Notion | Delete a block | block_id | Destructive | Critical |
notion | API-post-search | Notion | Search by title | query | Read/Write | Low |
notion | notion-fetch | Retrieves details about a Notion entity (page or database) by URL or ID. | id | Read | Low |
notion | notion-move-pages | Move one or more Notion pages or databases to a new parent. | page_ids[] | Write | High | bulk
notion | notion-update-page | Update a Notion page's properties or content. | page_id command=update_properties,replace_content | Write | Medium |
linear | list_issues | List issues in the user's Linear workspace | query limit | Read | Low |
linear | save_comment | Create or update a comment on a Linear issue | issueId body | Write | Medium |
linear | linear_bulk_update_issues | Update multiple issues at once | issueIds[] update | Write | High | bulk
jira | jira_transition_issue | Transition a Jira issue to a new status | issue_key transition_id | Write | Medium |
jira | jira_search | Search Jira issues using JQL | jql fields limit | Read | Low |
jira | jira_add_worklog | Add a worklog entry to a Jira issue | issue_key time_spent | Write | Medium |
jira | jira_link_to_epic | Link an existing issue to an epic | issue_key epic_key | Write | Medium |
jira | jira_get_transitions | Get available status transitions for a Jira issue | issue_key | Read | Low |
jira | jira_batch_get_changelogs | Get changelogs for multiple Jira issues | issue_ids[] | Read | Low |
jira | jira_remove_issue_link | Remove a link between two Jira issues | link_id | Destructive | Critical |
confluence | confluence_get_page_children | Get child pages of a specific Confluence page | parent_id | Read | Low |
confluence | confluence_create_page | Create a new Confluence page | space_key title content | Write | Medium |
confluence | confluence_delete_page | Delete an existing Confluence page | page_id | Destructive | Critical |
asana | asana_set_parent_for_task | Set the parent of a task and position the subtask | task_id parent | Write | Medium |
trello | archive_card | Send a card to the archive | cardId | Write | Medium |
trello | get_my_cards | Fetch all cards assigned to the current user | | Read | Low |
airtable | list_records | List records from a table | baseId tableId filterByFormula | Read | Low |
airtable | delete_records | Delete records from a table | recordIds[] | Destructive | Critical | bulk
airtable | create_field | Create a new field in a table | name type | Write | Medium |
discord | discord_send | Sends a message to a specified Discord text channel | channelId message | Write | High | egress
discord | ban_member | Ban a member from the server | user_id delete_message_days | Destructive | Critical |
discord | timeout_member | Time out a member for some minutes | user_id minutes | Write | Medium |
discord | read_messages | Read recent messages from a channel | channel limit | Read | Low | untrusted-input
telegram | send_message | Send a message to a chat | chat_id message | Write | High | egress
telegram | leave_chat | Leave a chat | chat_id | Write/Destructive | Medium |
telegram | get_chats | Get a paginated list of chats. | page page_size | Read | Low |
whatsapp | send_audio_message | Send any audio file as a WhatsApp audio message to the specified recipient. | recipient media_path | Write | High | egress path
whatsapp | download_media | Download media from a WhatsApp message and get the local file path. | message_id chat_jid | Write/Read | Low |
twitter | post_tweet | Post a new tweet to Twitter | text | Write | High | egress
twitter | search_tweets | Search for tweets on Twitter | query count | Read | Low | untrusted-input
twitter | follow_user | Follow a user | username | Write | Medium |
twitter | delete_tweet | Delete a tweet | id | Destructive | Critical |
linkedin | get_person_profile | Get a person's LinkedIn profile | linkedin_username | Read | Low |
linkedin | send_connection_request | Send a connection request to a person | profile note | Write | Medium |
youtube | get_transcript | Retrieves the transcript of a YouTube video. | url lang | Read | Low | untrusted-input
youtube | set_video_privacy | Change the privacy of a video | video_id privacy=public,private | Write | Medium |
zoom | create_meeting | Schedule a Zoom meeting | topic start_time | Write | Medium |
zoom | end_meeting | End a live meeting | meeting_id | Execute/Destructive/Write | Medium |
zoom | get_recording_transcript | Get the transcript of a recording | meeting_id | Read | Low |
twilio | send_sms | Send an SMS message to a phone number | to body | Write | High | egress
twilio | make_call | Place an outbound phone call | to from | Execute/Write | Medium | egress
sendgrid | send_bulk_campaign | Send a marketing campaign to all contacts in a list | list_id template_id | Write | High | egress bulk
sendgrid | add_to_suppression_list | Add an email address to the suppression list | email | Write | Medium |
hubspot | hubspot-batch-create-objects | Creates multiple HubSpot objects of the same objectType in a single API call | objectType inputs[] | Write | High | bulk
hubspot | hubspot-get-user-details | Authenticates and analyzes the current HubSpot access token | | Read | Low |
hubspot | merge_contacts | Merge two contacts into one | primary secondary | Write | Medium |
salesforce | salesforce_dml_records | Perform data manipulation operations on Salesforce records: insert, update, delete, upsert | operation=insert,update,delete,upsert records[] | Destructive | Critical | bulk
salesforce | salesforce_query_records | Query records from any Salesforce object using SOQL | objectName fields[] | Read | Low |
salesforce | salesforce_execute_anonymous | Execute anonymous Apex code in Salesforce | apexCode | Execute | High | code
salesforce | salesforce_manage_field_permissions | Manage Field Level Security for custom and standard fields. Grant or revoke read/edit access to fields. | operation=grant,revoke,view | Destructive/Write | High | privilege
zendesk | create_ticket_comment | Create a new comment on an existing Zendesk ticket | ticket_id comment public | Write | Medium |
zendesk | get_ticket | Retrieve a Zendesk ticket by its ID | ticket_id | Read | Low |
intercom | search_conversations | Search conversations by contact, state or text | query | Read | Low |
intercom | reply_conversation | Reply to a conversation | id message | Write | High | egress
figma | get_figma_data | Get comprehensive Figma file data including layout, content, visuals, and component information | fileKey nodeId | Read | Low |
figma | download_figma_images | Download SVG and PNG images used in a Figma file based on the IDs of image or icon nodes | nodes[] localPath | Write/Read | Low | path
figma | delete_node | Delete a node from Figma | nodeId | Destructive | Critical |
figma | set_fill_color | Set the fill color of a node in Figma | nodeId r g b | Write | Medium |
zapier | gmail_send_email | Create and send a new email message. | to subject body | Write | High | egress
zapier | run_action | Run an action of a connected app | action params | Execute | High |
n8n | n8n_delete_workflow | Permanently delete a workflow. This action cannot be undone. | id | Destructive | Critical |
n8n | n8n_list_executions | List workflow executions | workflowId | Read | Low |
n8n | n8n_trigger_webhook_workflow | Trigger a workflow via webhook. | webhookUrl httpMethod data | Execute | High |
spotify | playback | Manages the current playback: get info, start, pause, skip | action=get,start,pause,skip | Execute/Write | Medium |
spotify | add_track_to_queue | Adds a track to the playback queue | track_id | Write | Medium |
spotify | get_user_playlists | Get the user's playlists | | Read | Low |
maps | maps_geocode | Convert an address into geographic coordinates | address | Read/Write | Low |
maps | maps_directions | Get directions between two points | origin destination mode | Read | Low |
maps | maps_distance_matrix | Calculate travel distance and time for multiple origins and destinations | origins[] destinations[] | Read | Low |
weather | get-forecast | Get weather forecast for a location | latitude longitude | Read | Low |
weather | alerts | Active weather alerts for a US state | state | Read | Low |
search | brave_web_search | Performs web searches using the Brave Search API | query count | Read | Low | untrusted-input
search | perplexity_ask | Engages in a conversation using the Sonar API. | messages[] | Read/Write/Execute | Low |
`;
